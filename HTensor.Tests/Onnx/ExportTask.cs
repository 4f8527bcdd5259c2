using HTensor.Core;
using HTensor.Kernels;
using HTensor.Onnx;
using HTensor.Rnn;
using HTensor.Tests.Rnn;
using Microsoft.ML.OnnxRuntime;

namespace HTensor.Tests.Onnx;

/// <summary>A model with random weights and random frames for it, as our engine and ONNX Runtime read them.</summary>
internal sealed class ExportTask
{
    private const int Symbols = 7;
    private static readonly ModelOptions Plain = StreamTask.Models["ht"];

    /// <summary>Each format for W, for U and for both, each cell, stack, direction, front, task, read-out and place of the gates.</summary>
    public static readonly Dictionary<string, ModelOptions> Models = All();

    private readonly Philox _random = new(3);

    public ExportTask(string model, ulong seed = 8)
    {
        Model = SequenceClassifier.Create(Models[model], seed: 4);
        new Philox(seed).FillNormal<float>(Model.Parameters.Values, 0.3f);
        if (IsImage) Model.Scaling = new FrameScaling([120, 130, 110], [70, 75, 60]);
    }

    public SequenceClassifier Model { get; }

    private bool IsImage => Model.FrameSize % 3 == 0;

    public bool IsSymbol => Model.Options.Front?.Kind == FrontKind.Embedding;

    public byte[] Bytes(int batch, int steps) => [.. Enumerable.Range(0, batch * steps * Model.FrameSize).Select(_ => (byte)_random.NextInt32(IsSymbol ? Symbols : IsImage ? 256 : 2))];

    /// <summary>Our predictions of sequences of one length.</summary>
    public float[] Ours(byte[] frames, int batch, int steps)
    {
        var source = ArraySequenceSource.FromBytes(frames, steps, [Model.FrameSize], new int[batch]);
        return Model.Predict(new SequenceSet(source, Enumerable.Range(0, batch).ToArray()));
    }

    public NamedOnnxValue Frames(byte[] frames, OnnxExportOptions options, params int[] leading)
    {
        if (IsSymbol) return OnnxSession.Value("x", [.. frames.Select(value => (long)value)], leading);
        int[] shape = [.. leading, Model.FrameSize];
        return options.Input == FrameElement.UInt8 ? OnnxSession.Value("x", frames, shape) : OnnxSession.Value("x", [.. frames.Select(value => (float)value)], shape);
    }

    /// <summary>The largest difference over sequences of some length; of a model that is read at every step but predicts once, of the last step.</summary>
    public double Difference(OnnxSession session, OnnxExportOptions options, int batch, int steps)
    {
        var frames = Bytes(batch, steps);
        var (expected, found) = (Ours(frames, batch, steps), session.Run(Frames(frames, options, batch, steps))["y"]);
        if (found.Length != expected.Length) found = [.. Enumerable.Range(0, expected.Length).Select(i => found[(i / Model.Outputs * steps + steps - 1) * Model.Outputs + i % Model.Outputs])];
        return expected.Zip(found, (a, b) => Math.Abs(a - b)).Max();
    }

    private static Dictionary<string, ModelOptions> All()
    {
        var all = new Dictionary<string, ModelOptions>(StreamTask.Models);
        IMatrixFormat[] formats =
        [
            WeightFormat.HierarchicalTucker(2, 3), WeightFormat.TensorTrain(3), WeightFormat.TensorRing(2, 3), WeightFormat.BlockTerm(2, 2),
            WeightFormat.CanonicalPolyadic(3), WeightFormat.Tucker(2), WeightFormat.Dense,
        ];
        (string Name, CellKind Cell, GruReset Reset)[] cells =
            [("lstm", CellKind.Lstm, default), ("gru before", CellKind.Gru, GruReset.Before), ("gru after", CellKind.Gru, GruReset.After), ("rnn", CellKind.Rnn, default)];
        foreach (var format in formats)
        {
            foreach (var (name, cell, reset) in cells)
            {
                var options = Plain with { Cell = cell, Reset = reset, InputWeights = format };
                all[$"{name} {format.Name}"] = options;
                all[$"{name} {format.Name} both"] = options with { RecurrentWeights = format };
                if (format.Pairing != ModePairing.Whole) all[$"{name} {format.Name} joint"] = options with { Coupling = WeightCoupling.Joint };
            }

            all[$"two layers both ways {format.Name}"] = Plain with { InputWeights = format, Layers = 2, Direction = Direction.Bidirectional };
            all[$"gates last {format.Name}"] = Plain with { InputWeights = format, RecurrentWeights = format, Gates = GateMode.Last };
            all[$"own gates {format.Name}"] = Plain with { InputWeights = format, RecurrentWeights = format, Gates = GateMode.Own };
        }

        all["mean both ways"] = Plain with { Direction = Direction.Bidirectional, Readout = Readout.Mean };
        all["gru both ways dense"] = Plain with { Cell = CellKind.Gru, Reset = GruReset.After, InputWeights = WeightFormat.Dense, Direction = Direction.Bidirectional, Readout = Readout.Mean, Layers = 2 };
        all["states dense"] = Plain with { InputWeights = WeightFormat.Dense, Task = SequenceTask.States, Classes = [], Direction = Direction.Bidirectional };
        all["steps"] = Plain with { Readout = Readout.Step };
        all["plain frames"] = Plain with { InputModes = [2, 4, 2] };
        return all;
    }
}
