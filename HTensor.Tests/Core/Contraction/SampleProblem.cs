using HTensor.Core;
using HTensor.Kernels;

namespace HTensor.Tests.Core.Contraction;

/// <summary>One sample, a frame of bytes and the same in floats, through a weight of random cores.</summary>
internal sealed class SampleProblem
{
    private readonly MatrixNetwork _matrix;
    private readonly IReadOnlyList<int[]>? _offsets;
    private readonly Memory<float>[] _cores;
    private readonly byte[] _frame;
    private readonly float[] _scale, _shift, _bias, _output;
    private readonly SampleScratch _scratch;

    public SampleProblem(MatrixNetwork matrix, int channels, ulong seed, IReadOnlyList<int[]>? offsets = null)
    {
        (_matrix, _offsets) = (matrix, offsets);
        var random = new Philox(seed, 7);
        _cores = [.. Enumerable.Range(0, matrix.Cores.Count).Select(core => new Memory<float>(Values(matrix.CoreShape(core).Aggregate(1, (product, size) => product * size))))];
        _frame = [.. Enumerable.Range(0, matrix.Modes.Rows).Select(_ => (byte)random.NextUInt32())];
        (_scale, _shift, _bias, _output) = (Values(channels), Values(channels), Values(matrix.Modes.Columns), new float[matrix.Modes.Columns]);
        Contraction = new SampleContraction(matrix, _cores, offsets);
        _scratch = new SampleScratch(Contraction);

        float[] Values(int count) => [.. Enumerable.Range(0, count).Select(_ => (float)(random.NextUInt32() / 4294967296.0 - 0.5))];
    }

    public SampleContraction Contraction { get; }

    public void RunInto() => Contraction.Multiply(_frame, _scale, _shift, _bias, _output, _scratch);

    public float[] Run()
    {
        RunInto();
        return [.. _output];
    }

    /// <summary>Bytes and floats give the same, within c n epsilon of the oracle's sum.</summary>
    public void Check(LaneReference.Oracle oracle)
    {
        var x = new double[_frame.Length];
        for (var i = 0; i < x.Length; i++) x[i] = float.FusedMultiplyAdd(_scale[i % _scale.Length], _frame[i], _shift[i % _shift.Length]);
        var expected = Place(oracle(_matrix, Cores(value => value), x, new double[_output.Length], 1).Output, value => value);
        var magnitude = Place(oracle(_matrix, Cores(Math.Abs), [.. x.Select(Math.Abs)], new double[_output.Length], 1).Output, Math.Abs);
        var terms = _matrix.Cores.Sum(core => core.Modes.Count) * 8 + Math.Sqrt(_frame.Length);
        var found = Run();
        Tolerance.AssertNear<float>(expected, magnitude, [.. found.Select(value => (double)value)], terms, "output");
        Contraction.Multiply([.. _frame.Select(value => (float)value)], _scale, _shift, _bias, _output, _scratch);
        Assert.Equal(found, _output);

        double[][] Cores(Func<double, double> of) => [.. _cores.Select(core => core.ToArray().Select(value => of(value)).ToArray())];
    }

    /// <summary>The oracle's outputs, row-major, where the offsets put them, and the bias.</summary>
    private double[] Place(double[] output, Func<double, double> of)
    {
        var placed = new double[output.Length];
        int[] rows = [0];
        if (_offsets is null) rows = [.. Enumerable.Range(0, output.Length)];
        else foreach (var table in _offsets) rows = [.. rows.SelectMany(row => table.Select(offset => row + offset))];
        for (var m = 0; m < output.Length; m++) placed[rows[m]] = output[m] + of(_bias[rows[m]]);
        return placed;
    }
}
