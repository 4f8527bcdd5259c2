using HTensor.Core;
using HTensor.Kernels;
using HTensor.Rnn;

namespace HTensor.Tests.Rnn;

/// <summary>A model and some sequences whose frames go through it one by one or all at once.</summary>
internal sealed class StreamTask
{
    public const int Steps = 4;
    private const int Samples = 19;

    private const int Symbols = 7;

    private static readonly ModelOptions Plain = new()
    {
        InputModes = [2, 4, 3],
        HiddenModes = [2, 5, 2],
        InputWeights = WeightFormat.HierarchicalTucker(2, 3),
        Classes = ["a", "b", "c"],
    };

    /// <summary>Each format, cell, coupling, stack, front and task.</summary>
    public static readonly Dictionary<string, ModelOptions> Models = new()
    {
        ["ht"] = Plain,
        ["tt"] = Plain with { InputWeights = WeightFormat.TensorTrain(3) },
        ["tr"] = Plain with { InputWeights = WeightFormat.TensorRing(2, 2) },
        ["bt"] = Plain with { InputWeights = WeightFormat.BlockTerm(2, 2) },
        ["dense"] = Plain with { InputWeights = WeightFormat.Dense },
        ["wide dense"] = Plain with { InputWeights = WeightFormat.Dense, InputModes = [30, 100] },
        ["mean"] = Plain with { Readout = Readout.Mean },
        ["gru"] = Plain with { Cell = CellKind.Gru, Readout = Readout.Mean },
        ["gru, reset after"] = Plain with { Cell = CellKind.Gru, Reset = GruReset.After },
        ["rnn"] = Plain with { Cell = CellKind.Rnn },
        ["recurrent tt"] = Plain with { RecurrentWeights = WeightFormat.TensorTrain(2) },
        ["joint"] = Plain with { Coupling = WeightCoupling.Joint },
        ["low rank"] = Plain with { InputWeights = WeightFormat.LowRank(3), RecurrentWeights = WeightFormat.LowRank(2) },
        ["ht of an identity"] = Plain with { InputWeights = WeightFormat.HierarchicalTucker([4, 5, 6, 6], "((0,1),2)", IdentityFrames.LeftOut) },
        ["padded"] = Plain with { InputWeights = Padded },
        ["padded differences"] = Plain with { InputWeights = Padded, StepInput = StepInput.Difference },
        ["padded layers"] = Plain with { Layers = 2, LayerFormats = [new(Padded, WeightFormat.Dense), new(Padded, Padded)] },
        ["padded joint"] = Plain with { InputWeights = WeightFormat.OverModes(WeightFormat.TensorTrain(4), [9, 5], [8, 10]), Coupling = WeightCoupling.Joint },
        ["three layers"] = Plain with { Layers = 3, Readout = Readout.Mean },
        ["two layers of gru"] = Plain with { Layers = 2, Cell = CellKind.Gru, Reset = GruReset.After },
        ["differences"] = Plain with { StepInput = StepInput.Difference, Readout = Readout.Mean },
        ["two layers over differences"] = Plain with { StepInput = StepInput.Difference, Layers = 2, Cell = CellKind.Gru },
        ["dense front"] = Plain with { Front = FrontLayer.Dense(24) },
        ["regression"] = Plain with { Task = SequenceTask.Regression },
        ["notes"] = Plain with { Task = SequenceTask.NextNotes, Classes = [.. Enumerable.Range(0, 24).Select(note => $"{note}")] },
        ["states"] = Plain with { Task = SequenceTask.States, Classes = [], Layers = 2 },
        ["symbols"] = Plain with { Task = SequenceTask.NextSymbol, Front = FrontLayer.Embedding(Symbols), Layers = 2, Classes = [.. Enumerable.Range(0, Symbols).Select(symbol => $"{symbol}")] },
    };

    private static IMatrixFormat Padded => WeightFormat.OverModes(WeightFormat.TensorTrain(3), [5, 5], [8, 10]);

    private readonly byte[] _values;
    private readonly FrameElement _element;
    private readonly int _frame;
    private readonly Dictionary<int, float[]> _expected = [];

    public StreamTask(string model, FrameElement element)
    {
        Model = SequenceClassifier.Create(Models[model], seed: 4);
        (_element, _frame) = (element, Model.Layout.FrameSize);
        _values = new byte[Samples * Steps * _frame];
        var random = new Philox(3);
        for (var i = 0; i < _values.Length; i++) _values[i] = (byte)random.NextInt32(_frame == 1 ? Symbols : 256);
        new Philox(8).FillNormal<float>(Model.Parameters.Values, 0.3f);
        if (_frame > 1) Model.Scaling = new FrameScaling([120, 130, 110], [70, 75, 60]);
    }

    public SequenceClassifier Model { get; }

    public int Outputs => Model.Outputs;

    public ReadOnlyMemory<byte> Frame(int sample, int step) => _values.AsMemory((sample * Steps + step) * _frame, _frame);

    /// <summary>What the model said of the first frames of a sample when it was first asked for so many.</summary>
    public float[] Expected(int sample, int steps)
    {
        if (!_expected.TryGetValue(steps, out var all)) _expected[steps] = all = Predict(steps);
        var length = all.Length / Samples;
        return all.AsSpan((sample + 1) * length - Outputs * (length == Outputs ? 1 : Steps - steps + 1), Outputs).ToArray();
    }

    public void ForgetExpected() => _expected.Clear();

    public float[] Step(StreamingSession stream, int sample, int step)
    {
        var probabilities = new float[Outputs];
        if (_element == FrameElement.UInt8) stream.Step(Frame(sample, step).Span, probabilities);
        else stream.Step(Floats(sample, step), probabilities);
        return probabilities;
    }

    /// <summary>A step of each stream; negative where one rests. Rows of those stay -1.</summary>
    public float[] Step(StreamingBatch batch, Func<int, int> step)
    {
        var probabilities = new float[batch.Count * Outputs];
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
