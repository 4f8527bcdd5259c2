using System.Numerics;
using HTensor.Core;
using HTensor.Kernels;

namespace HTensor.Tests.Core.Contraction;

/// <summary>
/// A random layer and batch. Runs an <see cref="ILaneContraction{T}"/> over memory that is NaN wherever it must be neither read nor
/// written: inactive units, old values of what is overwritten, and guards around everything.
/// </summary>
internal sealed class LaneProblem<T> : ILaneInput<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private const int Guard = 37;

    private readonly MatrixNetwork _matrix;
    private readonly int _units;
    private readonly Func<int, bool> _active;
    private readonly int[] _outputAt;
    private readonly IReadOnlyList<int[]>? _outputOffsets;
    private readonly T[][] _cores;
    private readonly T[] _input, _outputGradient;
    private (LaneResult Result, LaneResult Size)? _expected;

    public LaneProblem(MatrixNetwork matrix, int units, ulong seed, Func<int, bool>? active = null, IReadOnlyList<int[]>? outputOffsets = null)
    {
        (_matrix, _units, _active, _outputOffsets) = (matrix, units, active ?? (_ => true), outputOffsets);
        var random = new Philox(seed);
        _cores = [.. Enumerable.Range(0, matrix.Cores.Count).Select(core => Normal((int)matrix.CoreLength(core), random))];
        _input = Units(matrix.Modes.Rows, random);
        _outputGradient = Units(matrix.Modes.Columns, random);
        _outputAt = OutputAt(matrix.Modes.Outputs, outputOffsets);
    }

    /// <summary>What a contraction may keep for its backward pass.</summary>
    public long KeptBytes { get; set; } = LaneContraction.KeptBytes;

    private int Samples => Enumerable.Range(0, _units).Count(_active) * LaneBlock.Width;

    /// <summary>Gates multiply output mode <paramref name="mode"/>, fastest within it, and are stored outermost: [gate, hidden...].</summary>
    public static int[][] GatesOutermost(IReadOnlyList<int> outputs, int mode, int gates = 4)
    {
        var columns = outputs.Aggregate(1, (product, size) => product * size);
        var offsets = new int[outputs.Count][];
        var stride = 1;
        for (var k = outputs.Count - 1; k >= 0; k--)
        {
            var (step, own) = (stride, k == mode);
            offsets[k] = [.. Enumerable.Range(0, outputs[k]).Select(i => own ? i % gates * (columns / gates) + i / gates * step : i * step)];
            stride *= own ? outputs[k] / gates : outputs[k];
        }

        return offsets;
    }

    /// <summary>Takes over the cores of a problem of one unit, and its data as unit <paramref name="unit"/>.</summary>
    public LaneProblem<T> WithUnit(int unit, LaneProblem<T> other)
    {
        for (var core = 0; core < _cores.Length; core++) other._cores[core].CopyTo(_cores[core], 0);
        other._input.CopyTo(_input, unit * other._input.Length);
        other._outputGradient.CopyTo(_outputGradient, unit * other._outputGradient.Length);
        return this;
    }

    public bool IsActive(int unit) => _active(unit);

    public void Read(int unit, int first, int count, Span<T> destination)
    {
        if (!_active(unit)) throw new InvalidOperationException($"unit {unit} is not active and was read");
        if (destination.Length != count * LaneBlock.Width) throw new InvalidOperationException($"expected a destination of {count} blocks, found {destination.Length} elements");
        _input.AsSpan((unit * _matrix.Modes.Rows + first) * LaneBlock.Width, count * LaneBlock.Width).CopyTo(destination);
    }

    /// <summary>Forward and backward as the engine does it, checked against the oracle; the raw results for comparisons of bits.</summary>
    public T[][] Check(ThreadTeam team, ContractionPlan? plan = null, LaneReference.Oracle? oracle = null)
    {
        var (rows, columns) = (_matrix.Modes.Rows, _matrix.Modes.Columns);
        var found = Run(team, plan);
        _expected ??= Expect(oracle ?? LaneReference.ByEinsum);
        var (expected, size) = _expected.Value;
        double terms = rows + columns + Samples;
        Tolerance.AssertNear<T>(expected.Output, size.Output, Gather(found[0], columns, _outputAt), terms, $"{_matrix.Matrix}: output");
        Tolerance.AssertNear<T>(expected.InputGradient, size.InputGradient, Gather(found[1], rows, null), terms, $"{_matrix.Matrix}: input gradient");
        for (var core = 0; core < _cores.Length; core++)
            Tolerance.AssertNear<T>(expected.CoreGradients[core], size.CoreGradients[core], Doubles(found[2 + core]), terms, $"{_matrix.Matrix}: gradient of {_matrix.Cores[core].Name}");
        return found;
    }

    /// <summary>Output, input gradient, then each core's gradient.</summary>
    public T[][] Run(ThreadTeam team, ContractionPlan? plan = null)
    {
        var contraction = LaneContraction.Create<T>(_matrix, _units, _outputOffsets, plan, KeptBytes);
        int[] lengths = [_units * _matrix.Modes.Columns * LaneBlock.Width, _input.Length, .. _cores.Select(core => core.Length)];
        var memory = lengths.Select(length => new T[length + 2 * Guard]).ToArray();
        foreach (var array in memory) Array.Fill(array, T.NaN);
        Memory<T> At(int i) => memory[i].AsMemory(Guard, lengths[i]);
        for (var core = 0; core < _cores.Length; core++) contraction.Bind(core, _cores[core], At(2 + core));
        contraction.UpdateWeights(team);
        contraction.Forward(this, At(0), team);
        contraction.Backward(this, _outputGradient, At(1), team);
        var withInput = memory.Select(array => array.ToArray()).ToArray();
        contraction.Backward(this, _outputGradient, default, team);
        for (var i = 0; i < memory.Length; i++) Assert.True(SameBits(withInput[i], memory[i]), "a second backward, without the input's gradient, gives other bits");
        foreach (var array in memory) Assert.All(array[..Guard].Concat(array[^Guard..]), value => Assert.True(T.IsNaN(value)));
        RequireInactiveUntouched(At(0).Span, _matrix.Modes.Columns);
        RequireInactiveUntouched(At(1).Span, _matrix.Modes.Rows);
        return [.. memory.Select((array, i) => array.AsSpan(Guard, lengths[i]).ToArray())];
    }

    private static bool SameBits(T[] left, T[] right) =>
        System.Runtime.InteropServices.MemoryMarshal.AsBytes<T>(left).SequenceEqual(System.Runtime.InteropServices.MemoryMarshal.AsBytes<T>(right));

    private static int[] OutputAt(IReadOnlyList<int> outputs, IReadOnlyList<int[]>? offsets)
    {
        if (offsets is null) return [.. Enumerable.Range(0, outputs.Aggregate(1, (product, size) => product * size))];
        int[] at = [0];
        for (var k = 0; k < outputs.Count; k++) at = [.. at.SelectMany(start => offsets[k].Select(move => start + move))];
        return at;
    }

    private static T[] Normal(int length, Philox random)
    {
        var values = new T[length];
        random.FillNormal<T>(values, T.One);
        return values;
    }

    private static double[] Doubles(T[] values) => [.. values.Select(value => double.CreateTruncating(value))];

    private static double[] Absolute(double[] values) => [.. values.Select(Math.Abs)];

    /// <summary>Random blocks of every unit; NaN in the inactive ones.</summary>
    private T[] Units(int blocks, Philox random)
    {
        var values = Normal(_units * blocks * LaneBlock.Width, random);
        for (var unit = 0; unit < _units; unit++) if (!_active(unit)) values.AsSpan(unit * blocks * LaneBlock.Width, blocks * LaneBlock.Width).Fill(T.NaN);
        return values;
    }

    /// <summary>[samples, entries] of the active units.</summary>
    private double[] Gather(T[] lanes, int entries, int[]? at)
    {
        var gathered = new List<double>(Samples * entries);
        for (var unit = 0; unit < _units; unit++)
        {
            if (!_active(unit)) continue;
            for (var lane = 0; lane < LaneBlock.Width; lane++)
            {
                for (var entry = 0; entry < entries; entry++)
                    gathered.Add(double.CreateTruncating(lanes[(unit * entries + (at is null ? entry : at[entry])) * LaneBlock.Width + lane]));
            }
        }

        return [.. gathered];
    }

    /// <summary>The oracle's result, and the sums of absolute values that its rounding is measured by.</summary>
    private (LaneResult Result, LaneResult Size) Expect(LaneReference.Oracle oracle)
    {
        double[][] cores = [.. _cores.Select(Doubles)];
        double[] x = Gather(_input, _matrix.Modes.Rows, null), dy = Gather(_outputGradient, _matrix.Modes.Columns, _outputAt);
        return (oracle(_matrix, cores, x, dy, Samples), oracle(_matrix, [.. cores.Select(Absolute)], Absolute(x), Absolute(dy), Samples));
    }

    private void RequireInactiveUntouched(Span<T> lanes, int blocks)
    {
        for (var unit = 0; unit < _units; unit++)
        {
            if (_active(unit)) continue;
            var written = lanes.Slice(unit * blocks * LaneBlock.Width, blocks * LaneBlock.Width).ContainsAnyExcept(T.NaN);
            Assert.False(written, $"unit {unit} is not active and was written");
        }
    }
}
