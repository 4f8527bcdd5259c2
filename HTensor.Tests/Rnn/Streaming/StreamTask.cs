using HTensor.Core;
using HTensor.Kernels;
using HTensor.Rnn;

namespace HTensor.Tests.Rnn;

/// <summary>A model and some sequences whose frames go through it one by one or all at once.</summary>
internal sealed class StreamTask
{
    public const int Steps = 4;
    public const int Classes = 3;
    public const int FrameSize = 24;
    private const int Samples = 19;

    public static readonly Dictionary<string, IMatrixFormat> Formats = new()
    {
        ["ht"] = WeightFormat.HierarchicalTucker(2, 3),
        ["tt"] = WeightFormat.TensorTrain(3),
        ["tr"] = WeightFormat.TensorRing(2, 2),
        ["bt"] = WeightFormat.BlockTerm(2, 2),
        ["dense"] = WeightFormat.Dense,
    };

    private readonly byte[] _values;
    private readonly FrameElement _element;
    private readonly int _frame;
    private readonly Dictionary<int, float[]> _expected = [];

    public StreamTask(string format, Readout readout, FrameElement element, int frame = FrameSize)
    {
        (_element, _frame) = (element, frame);
        _values = new byte[Samples * Steps * frame];
        var random = new Philox(3);
        for (var i = 0; i < _values.Length; i++) _values[i] = (byte)random.NextUInt32();
        Model = SequenceClassifier.Create(new ModelOptions
        {
            InputModes = [2, frame / 6, 3],
            HiddenModes = [2, 5, 2],
            InputWeights = Formats[format],
            Readout = readout,
            Classes = ["a", "b", "c"],
        }, seed: 4);
        new Philox(8).FillNormal<float>(Model.Parameters.Values, 0.4f);
        Model.Scaling = new FrameScaling([120, 130, 110], [70, 75, 60]);
    }

    public SequenceClassifier Model { get; }

    public ReadOnlyMemory<byte> Frame(int sample, int step) => _values.AsMemory((sample * Steps + step) * _frame, _frame);

    /// <summary>What the model said of the first frames of a sample when it was first asked for so many.</summary>
    public float[] Expected(int sample, int steps)
    {
        if (!_expected.TryGetValue(steps, out var all)) _expected[steps] = all = Predict(steps);
        return all[(sample * Classes)..((sample + 1) * Classes)];
    }

    public void ForgetExpected() => _expected.Clear();

    public float[] Step(StreamingSession stream, int sample, int step)
    {
        var probabilities = new float[Classes];
        if (_element == FrameElement.UInt8) stream.Step(Frame(sample, step).Span, probabilities);
        else stream.Step(Floats(sample, step), probabilities);
        return probabilities;
    }

    /// <summary>A step of each stream; negative where one rests. Rows of those stay -1.</summary>
    public float[] Step(StreamingBatch batch, Func<int, int> step)
    {
        var probabilities = new float[batch.Count * Classes];
        probabilities.AsSpan().Fill(-1);
        int[] steps = [.. Enumerable.Range(0, batch.Count).Select(step)];
        if (_element == FrameElement.UInt8) batch.Step([.. steps.Select((at, sample) => at < 0 ? default : Frame(sample, at))], probabilities);
        else batch.Step([.. steps.Select((at, sample) => at < 0 ? default : (ReadOnlyMemory<float>)Floats(sample, at))], probabilities);
        return probabilities;
    }

    public static void AssertNear(float[] expected, float[] found)
    {
        Assert.Equal(expected.Length, found.Length);
        for (var i = 0; i < expected.Length; i++) Assert.Equal(expected[i], found[i], 2e-5f);
    }

    private float[] Predict(int steps)
    {
        int[] labels = [.. new int[Samples]], lengths = [.. Enumerable.Repeat(steps, Samples)];
        var source = _element == FrameElement.UInt8
            ? ArraySequenceSource.FromBytes(_values, Steps, [_frame], labels, lengths)
            : ArraySequenceSource.FromFloats([.. _values.Select(value => (float)value)], Steps, [_frame], labels, lengths);
        return Model.Predict(new SequenceSet(source, Enumerable.Range(0, Samples).ToArray()));
    }

    private float[] Floats(int sample, int step) => [.. Frame(sample, step).ToArray().Select(value => (float)value)];
}
