using HTensor.Autodiff;
using HTensor.Core;
using HTensor.Kernels;
using HTensor.Rnn;

namespace HTensor.Tests.Rnn;

/// <summary>The whole classifier in double, through samples of different lengths, against central differences.</summary>
public class ClassifierGradientTests
{
    private const double Tolerance = 1e-6;

    public static TheoryData<string> Formats => [.. Cases.Keys];

    private static Dictionary<string, IMatrixFormat> Cases { get; } = new()
    {
        ["dense"] = WeightFormat.Dense,
        ["ht"] = WeightFormat.HierarchicalTucker(2, 3),
        ["ht linear"] = WeightFormat.HierarchicalTucker(3, 2, "linear"),
        ["tt"] = WeightFormat.TensorTrain(3),
        ["tr"] = WeightFormat.TensorRing(2, 3),
        ["bt"] = WeightFormat.BlockTerm(2, 2),
        ["cp"] = WeightFormat.CanonicalPolyadic(4),
        ["tucker"] = WeightFormat.Tucker(2),
        ["low rank"] = WeightFormat.LowRank(3),
    };

    [Theory]
    [MemberData(nameof(Formats))]
    public void EveryParameterAgreesWithCentralDifferences(string format)
    {
        foreach (var readout in Enum.GetValues<Readout>())
        {
            foreach (var gates in Enum.GetValues<GateMode>())
                Check($"{readout}, gates {gates}", Options with { InputWeights = Cases[format], Readout = readout, Gates = gates });
        }
    }

    [Theory]
    [MemberData(nameof(Formats))]
    public void SoDoThoseOfARecurrentMatrixInCores(string format)
    {
        foreach (var gates in Enum.GetValues<GateMode>())
            Check($"gates {gates}", Options with { RecurrentWeights = Cases[format], Gates = gates, Cell = gates == GateMode.Last ? CellKind.Gru : CellKind.Lstm });
    }

    [Theory]
    [MemberData(nameof(Formats))]
    public void SoDoThoseOfBothMatricesAsOne(string format)
    {
        if (format == "dense") return;
        foreach (var gates in Enum.GetValues<GateMode>())
            Check($"gates {gates}", Options with { InputWeights = Cases[format], Coupling = WeightCoupling.Joint, Gates = gates });
        Check("a slab with padding", Options with { InputWeights = Cases[format], Coupling = WeightCoupling.Joint, InputModes = [2, 4, 6] });
    }

    public static TheoryData<string> Models => [.. Structures.Keys];

    private static Dictionary<string, ModelOptions> Structures { get; } = new()
    {
        ["gru"] = Options with { Cell = CellKind.Gru },
        ["gru, reset after"] = Options with { Cell = CellKind.Gru, Reset = GruReset.After },
        ["rnn"] = Options with { Cell = CellKind.Rnn },
        ["three layers"] = Options with { Layers = 3, InputWeights = WeightFormat.TensorTrain(2) },
        ["bidirectional"] = Options with { Direction = Direction.Bidirectional },
        ["bidirectional, mean"] = Options with { Direction = Direction.Bidirectional, Readout = Readout.Mean, Cell = CellKind.Rnn },
        ["two layers, bidirectional, every step"] = Options with { Layers = 2, Direction = Direction.Bidirectional, Readout = Readout.Step, Cell = CellKind.Gru },
        ["dense layer in front"] = Options with { Front = FrontLayer.Dense(12), InputModes = [2, 2], HiddenModes = [4, 3], Layers = 2 },
        ["differences"] = Options with { StepInput = StepInput.Difference, InputWeights = WeightFormat.HierarchicalTucker(2, 3) },
        ["differences, bidirectional, mean"] = Options with { StepInput = StepInput.Difference, Direction = Direction.Bidirectional, Readout = Readout.Mean },
        ["differences, joint"] = Options with { StepInput = StepInput.Difference, Coupling = WeightCoupling.Joint, InputWeights = WeightFormat.TensorTrain(3) },
        ["regression"] = Options with { Task = SequenceTask.Regression, Readout = Readout.Mean },
        ["regression at every step"] = Options with { Task = SequenceTask.Regression, Readout = Readout.Step },
        ["notes"] = Options with { Task = SequenceTask.NextNotes, Classes = [.. Enumerable.Range(0, 12).Select(note => $"{note}")] },
        ["symbols"] = Options with { Task = SequenceTask.NextSymbol, Front = FrontLayer.Embedding(3), InputModes = [2, 3], HiddenModes = [3, 2] },
    };

    /// <summary>Formats that a compressed model has: ranks of their own at each bond, modes of their own, perhaps padded.</summary>
    [Fact]
    public void SoDoThoseOfRanksBondByBond()
    {
        var tree = WeightFormat.HierarchicalTucker([4, 3, 4, 5], "((0,1),2)", IdentityFrames.LeftOut);
        Check("ht", Options with { InputWeights = tree, RecurrentWeights = tree, Coupling = WeightCoupling.Separate });
        Check("tt and tr", Options with { InputWeights = WeightFormat.TensorTrain(3, 2), RecurrentWeights = WeightFormat.TensorRing([2, 3, 2, 2, 3, 2]) });
        Check("bt", Options with { InputWeights = WeightFormat.BlockTerm(2, 2, 3, 1) });
    }

    [Fact]
    public void SoDoThoseOfAPaddedMatrix()
    {
        var (w, u) = (WeightFormat.OverModes(WeightFormat.TensorTrain(3), [3, 5], [6, 8]), WeightFormat.OverModes(WeightFormat.CanonicalPolyadic(3), [5, 3], [48]));
        Check("padded", Options with { InputWeights = w, RecurrentWeights = u });
        Check("padded layers", Options with { Layers = 2, LayerFormats = [new(w, WeightFormat.Dense), new(u, w)], Cell = CellKind.Lstm });
        Check("padded joint", Options with { InputWeights = WeightFormat.OverModes(WeightFormat.TensorTrain(4), [6, 5], [6, 8]), Coupling = WeightCoupling.Joint });
    }

    [Theory]
    [MemberData(nameof(Models))]
    public void SoDoThoseOfEveryStructure(string model) => Check(model, Structures[model]);

    private static ModelOptions Options => new() { InputModes = [2, 3, 2], HiddenModes = [2, 2, 3], Classes = ["a", "b", "c"] };

    private static void Check(string what, ModelOptions options)
    {
        foreach (var recurrentDropout in new[] { 0, 0.3 })
        {
            var (tape, loss) = Record(options, new TrainingDropout(0.3, recurrentDropout, options.Front is { Kind: FrontKind.Embedding } ? 0 : recurrentDropout, 5));
            foreach (var comparison in GradientCheck.Run(tape, loss))
            {
                Assert.NotEqual(0, comparison.Numeric);
                Assert.True(comparison.RelativeError < Tolerance, $"{what}, recurrent dropout {recurrentDropout}: {comparison}");
            }
        }
    }

    private static (Tape<double> Tape, Variable<double> Loss) Record(ModelOptions options, TrainingDropout dropout)
    {
        var layout = new ClassifierLayout(options);
        var parameters = new ParameterSet<double>(layout.Parameters);
        ClassifierInitializer.Fill(layout, parameters, 3);
        var source = new NumberSource(SmallBatch.Samples, SmallBatch.Steps, layout.FrameSize, layout.Options.Task);
        var batch = new LaneBatch<double>(source.Count, source.Steps, layout.FrameSize, FrameElement.Single, layout.FrameSize == 1 ? new FrameScaling([0], [1]) : new FrameScaling([0.2f], [1.3f]));
        batch.Load(source, Enumerable.Range(0, source.Count).ToArray(), ThreadTeam.Inline);
        var network = new ClassifierNetwork<double>(layout, parameters, batch, TapePurpose.Training, dropout) { Step = 3 };
        return (network.Tape, network.Loss);
    }
}
