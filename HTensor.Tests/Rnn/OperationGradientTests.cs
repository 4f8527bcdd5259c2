using System.Reflection;
using HTensor.Autodiff;
using HTensor.Core;
using HTensor.Kernels;
using HTensor.Rnn;
using HTensor.Tests.Autodiff;

namespace HTensor.Tests.Rnn;

/// <summary>Every operation of the engine against central differences in double; an operation without a case fails a test.</summary>
public sealed class OperationGradientTests
{
    private const double Tolerance = 1e-7;

    private static readonly Assembly[] Assemblies = [typeof(Tape<>).Assembly, typeof(Trainer).Assembly];

    public static TheoryData<string> Names => [.. Cases.Keys];

    private static Dictionary<string, Func<Case>> Cases { get; } = new()
    {
        ["AddBias"] = AddBias,
        ["Dropout"] = Dropout,
        ["StepDifference"] = Difference,
        ["LaneLinear, dense, over frames"] = () => OverFrames(WeightFormat.Dense),
        ["LaneLinear, ht, over frames"] = () => OverFrames(WeightFormat.HierarchicalTucker(2, 3)),
        ["LaneLinear, dense, over a variable"] = () => OverVariable(WeightFormat.Dense),
        ["LaneLinear, tt, over a variable"] = () => OverVariable(WeightFormat.TensorTrain(3)),
        ["RecurrentLayer, lstm"] = () => Recurrent("lstm", 6, InputGradients.Computed),
        ["RecurrentLayer, lstm in uneven pieces"] = () => Recurrent("lstm", 70, InputGradients.Computed),
        ["RecurrentLayer, lstm, U alone"] = () => Recurrent("lstm", 6, InputGradients.None),
        ["RecurrentLayer, gru, reset before"] = () => Recurrent("gru before", 6, InputGradients.Computed),
        ["RecurrentLayer, gru, reset before, in uneven pieces"] = () => Recurrent("gru before", 70, InputGradients.Computed),
        ["RecurrentLayer, gru, reset before, U alone"] = () => Recurrent("gru before", 6, InputGradients.None),
        ["RecurrentLayer, gru, reset after"] = () => Recurrent("gru after", 6, InputGradients.Computed),
        ["RecurrentLayer, gru, reset after, in uneven pieces"] = () => Recurrent("gru after", 70, InputGradients.Computed),
        ["RecurrentLayer, gru, reset after, parameters alone"] = () => Recurrent("gru after", 6, InputGradients.None),
        ["RecurrentLayer, rnn"] = () => Recurrent("rnn", 6, InputGradients.Computed),
        ["RecurrentLayer, rnn, U alone"] = () => Recurrent("rnn", 6, InputGradients.None),
        ["MatrixOfCores, ht"] = () => Built(WeightFormat.HierarchicalTucker(2, 3), 12),
        ["MatrixOfCores, cp, first rows"] = () => Built(WeightFormat.CanonicalPolyadic(3), 7),
        ["MatrixOfCores, one core"] = () => Built(WeightFormat.Dense, 7),
        ["ModeSlice"] = Slice,
        ["JoinRows"] = Join,
        ["PadRows"] = Pad,
        ["LeakyRelu"] = Relu,
        ["ReverseSteps"] = Reverse,
        ["SymbolEmbedding"] = Embedding,
        ["SigmoidCrossEntropyLoss"] = () => Targets((targets, labels) => new SigmoidCrossEntropyLoss<double>("loss", targets, labels)),
        ["SquaredErrorLoss"] = () => Targets((targets, labels) => new SquaredErrorLoss<double>("loss", targets, labels)),
        ["SoftmaxCrossEntropyLoss"] = CrossEntropy,
        ["Contraction"] = Contracted,
        ["FrobeniusNorm"] = () => OfMatrix(new FrobeniusNorm<double>("norm"), 3, 4),
        ["CoreSum, transfer tensors"] = () => OfCores(new CoreSum<double>("sum", StackedIndices.First | StackedIndices.Second | StackedIndices.Third, 2, -1), [2, 3, 2], [1, 2, 3]),
        ["CoreSum, frames"] = () => OfCores(new CoreSum<double>("sum", StackedIndices.Third, 2, -1), [4, 2], [4, 3]),
        ["CoreProduct, transfer tensors"] = () => OfCores(new CoreProduct<double>("product", MiddleIndex.Rank), [2, 3, 2], [1, 2, 3]),
        ["CoreProduct, frames"] = () => OfCores(new CoreProduct<double>("product", MiddleIndex.Mode), [4, 2], [4, 3]),
        ["QrFactor, Q tall"] = () => OfMatrix(new QrFactor<double>("Q", QrPart.Orthonormal), 2, 3, 4),
        ["QrFactor, Q wide"] = () => OfMatrix(new QrFactor<double>("Q", QrPart.Orthonormal), 3, 5),
        ["QrFactor, R tall"] = () => OfMatrix(new QrFactor<double>("R", QrPart.Triangular), 6, 4),
        ["QrFactor, R wide"] = () => OfMatrix(new QrFactor<double>("R", QrPart.Triangular), 3, 5),
        ["SvdFactor, U tall"] = () => OfMatrix(new SvdFactor<double>("U", SvdPart.Left, 2), 5, 3),
        ["SvdFactor, U wide"] = () => OfMatrix(new SvdFactor<double>("U", SvdPart.Left, 3), 3, 5),
        ["SvdFactor, values"] = () => OfMatrix(new SvdFactor<double>("s", SvdPart.Values, 2), 5, 3),
        ["SvdFactor, V tall"] = () => OfMatrix(new SvdFactor<double>("V", SvdPart.Right, 3), 5, 3),
        ["SvdFactor, V wide"] = () => OfMatrix(new SvdFactor<double>("V", SvdPart.Right, 2), 3, 5),
        ["StepReadout, last"] = () => Read(Readout.Last),
        ["StepReadout, mean"] = () => Read(Readout.Mean),
    };

    [Theory]
    [MemberData(nameof(Names))]
    public void Agrees_with_central_differences(string name)
    {
        var (_, tape, loss, leaves) = Cases[name]();
        var comparisons = GradientCheck.Run(tape, loss);
        Assert.Equal(leaves, comparisons.Count);
        foreach (var comparison in comparisons)
        {
            Assert.NotEqual(0, comparison.Numeric);
            Assert.True(comparison.RelativeError < Tolerance, $"{name}: {comparison}");
        }
    }

    [Fact]
    public void Every_operation_has_a_case()
    {
        var checkedTypes = Cases.Values.Select(make => make().Operation.GetType().GetGenericTypeDefinition()).ToHashSet();
        var operations = Assemblies.SelectMany(assembly => assembly.GetTypes()).Where(IsOperation).ToArray();
        Assert.True(operations.Length >= 6, "the search finds the operations that are known");
        Assert.Equal([], operations.Where(type => !checkedTypes.Contains(type)).Select(type => type.Name));
    }

    private static bool IsOperation(Type type) =>
        !type.IsInterface && type.GetInterfaces().Any(implemented => implemented.IsGenericType && implemented.GetGenericTypeDefinition() == typeof(IOperation<>));

    private static Case AddBias()
    {
        var tape = new Tape<double>(SmallBatch.RandomParameters(new ParameterShape("bias", [5])));
        return Of(tape, new AddBias<double>("bias"), Input(tape, 3, 5, LaneBlock.Width), tape.Parameter("bias"));
    }

    private static Case Dropout()
    {
        var tape = new Tape<double>(SmallBatch.RandomParameters());
        return Of(tape, new Dropout<double>("dropout", 0.4, seed: 2) { Step = 6 }, Input(tape, 3, 5, LaneBlock.Width));
    }

    private static Case Difference()
    {
        var batch = SmallBatch.Load<double>();
        var tape = new Tape<double>(SmallBatch.RandomParameters());
        var difference = new StepDifference<double>("difference", batch);
        var y = tape.Record(difference, Input(tape, batch.Groups * batch.Steps, 5, LaneBlock.Width));
        return new Case(difference, tape, tape.Record(new WeightedSum("loss", SmallBatch.ActiveWeights(batch, 5)), y), 1);
    }

    private static Case OverFrames(IMatrixFormat format)
    {
        var batch = SmallBatch.Load<double>();
        var (matrix, units) = (format.Describe(new MatrixModes([2, 3, 2], [2, 2, 3])), batch.Groups * batch.Steps);
        var tape = new Tape<double>(SmallBatch.RandomParameters(CoreShapes(matrix)));
        var linear = new LaneLinear<double>("linear", matrix, LaneContraction.Create<double>(matrix, units), units, batch);
        var y = tape.Record(linear, CoreVariables(tape, matrix));
        return new Case(linear, tape, tape.Record(new WeightedSum("loss", SmallBatch.ActiveWeights(batch, 12)), y), matrix.Cores.Count);
    }

    private static Case OverVariable(IMatrixFormat format)
    {
        const int units = 3;
        var matrix = format.Describe(new MatrixModes([2, 3, 2], [2, 2, 3]));
        var tape = new Tape<double>(SmallBatch.RandomParameters(CoreShapes(matrix)));
        var linear = new LaneLinear<double>("linear", matrix, LaneContraction.Create<double>(matrix, units), units);
        return Of(tape, linear, [.. CoreVariables(tape, matrix), Input(tape, units, 12, LaneBlock.Width)]);
    }

    private static Case Recurrent(string name, int hidden, InputGradients inputGradients)
    {
        var (batch, cell) = (SmallBatch.Load<double>(), ScalarCell.Of(name));
        ParameterShape[] shapes = cell.Reset == GruReset.After ? [new("U", [hidden, cell.Gates * hidden]), new("b", [hidden])] : [new("U", [hidden, cell.Gates * hidden])];
        var tape = new Tape<double>(SmallBatch.RandomParameters(shapes));
        var layer = new RecurrentLayer<double>("layer", batch, hidden, cell.Kind, cell.Reset);
        var z = tape.Input("z", [batch.Groups * batch.Steps, cell.Gates * hidden, LaneBlock.Width], inputGradients);
        new Philox(9).FillNormal(z.Value.Span, 1.0);
        var h = tape.Record(layer, [z, .. shapes.Select(shape => tape.Parameter(shape.Name))]);
        return new Case(layer, tape, tape.Record(new WeightedSum("loss", SmallBatch.ActiveWeights(batch, hidden)), h), shapes.Length + (inputGradients == InputGradients.Computed ? 1 : 0));
    }

    private static Case Built(IMatrixFormat format, int rows)
    {
        var layout = GateLayout.Create(format, [2, 3, 2], [2, 2, 3], 2, GateMode.Last);
        var tape = new Tape<double>(SmallBatch.RandomParameters(CoreShapes(layout.Network)));
        return Of(tape, new MatrixOfCores<double>("built", layout.Network, rows, layout.OutputOffsets), CoreVariables(tape, layout.Network));
    }

    private static Case Slice()
    {
        var tape = new Tape<double>(SmallBatch.RandomParameters(new ParameterShape("core", [3, 4, 5])));
        return Of(tape, new ModeSlice<double>("slice", [(1, 2), (0, 3), (2, 3)]), tape.Parameter("core"));
    }

    private static Case Join()
    {
        var tape = new Tape<double>(SmallBatch.RandomParameters());
        return Of(tape, new JoinRows<double>("join"), Input(tape, 3, 5, LaneBlock.Width), Input(tape, 3, 2, LaneBlock.Width));
    }

    private static Case Contracted()
    {
        var sizes = new Dictionary<string, int> { ["a"] = 2, ["b"] = 3, ["c"] = 4, ["d"] = 2 };
        var network = new TensorNetwork([new("x", ["a", "b"]), new("y", ["b", "c", "d"]), new("z", ["c", "a"])], ["d", "c"], sizes);
        return OfCores(new Contraction<double>("contraction", network), [2, 3], [3, 4, 2], [4, 2]);
    }

    private static Case OfCores(IOperation<double> operation, params int[][] shapes)
    {
        var tape = new Tape<double>(SmallBatch.RandomParameters([.. shapes.Select((shape, i) => new ParameterShape($"core {i}", shape))]));
        return Of(tape, operation, [.. shapes.Select((_, i) => tape.Parameter($"core {i}"))]);
    }

    private static Case OfMatrix(IOperation<double> operation, params int[] shape)
    {
        var tape = new Tape<double>(SmallBatch.RandomParameters());
        return Of(tape, operation, Input(tape, shape));
    }

    private static Case Pad()
    {
        var tape = new Tape<double>(SmallBatch.RandomParameters());
        return Of(tape, new PadRows<double>("pad", 7), Input(tape, 3, 5, LaneBlock.Width));
    }

    private static Case Relu()
    {
        var tape = new Tape<double>(SmallBatch.RandomParameters());
        return Of(tape, new LeakyRelu<double>("relu", 0.2), Input(tape, 3, 5, LaneBlock.Width));
    }

    private static Case Reverse()
    {
        var batch = SmallBatch.Load<double>();
        var tape = new Tape<double>(SmallBatch.RandomParameters());
        return Of(tape, new ReverseSteps<double>("reverse", batch), Input(tape, batch.Groups * batch.Steps, 5, LaneBlock.Width));
    }

    private static Case Embedding()
    {
        var source = new NumberSource(SmallBatch.Samples, SmallBatch.Steps, 1, SequenceTask.NextSymbol);
        var batch = new LaneBatch<double>(source.Count, source.Steps, 1, FrameElement.Single, new FrameScaling([0], [1]));
        batch.Load(source, Enumerable.Range(0, source.Count).ToArray(), ThreadTeam.Inline);
        var tape = new Tape<double>(SmallBatch.RandomParameters(new ParameterShape("E", [3, 4])));
        return Of(tape, new SymbolEmbedding<double>("embedding", batch), tape.Parameter("E"));
    }

    private static Case Targets(Func<ReadOnlyMemory<double>, ReadOnlyMemory<int>, IOperation<double>> make)
    {
        int[] labels = [.. Enumerable.Range(0, 2 * LaneBlock.Width).Select(lane => lane < 19 ? lane % 5 : -1)];
        var targets = new double[labels.Length * 5];
        for (var i = 0; i < targets.Length; i++) targets[i] = i % 3 == 0 ? 1 : 0;
        var tape = new Tape<double>(SmallBatch.RandomParameters());
        var loss = make(targets, labels);
        return new Case(loss, tape, tape.Record(loss, Input(tape, 2, 5, LaneBlock.Width)), 1);
    }

    private static Case CrossEntropy()
    {
        int[] labels = [.. Enumerable.Range(0, 2 * LaneBlock.Width).Select(lane => lane < 19 ? lane % 5 : -1)];
        var tape = new Tape<double>(SmallBatch.RandomParameters());
        var loss = new SoftmaxCrossEntropyLoss<double>("loss", labels);
        return new Case(loss, tape, tape.Record(loss, Input(tape, 2, 5, LaneBlock.Width)), 1);
    }

    private static Case Read(Readout readout)
    {
        var batch = SmallBatch.Load<double>();
        var tape = new Tape<double>(SmallBatch.RandomParameters());
        return Of(tape, new StepReadout<double>("readout", batch, readout), Input(tape, batch.Groups * batch.Steps, 5, LaneBlock.Width));
    }

    private static Variable<double> Input(Tape<double> tape, params int[] shape)
    {
        var input = tape.Input("x", shape, InputGradients.Computed);
        new Philox(9).FillNormal(input.Value.Span, 1.0);
        return input;
    }

    private static ParameterShape[] CoreShapes(MatrixNetwork matrix) => [.. matrix.Cores.Select((core, i) => new ParameterShape(core.Name, matrix.CoreShape(i)))];

    private static Variable<double>[] CoreVariables(Tape<double> tape, MatrixNetwork matrix) => [.. matrix.Cores.Select(core => tape.Parameter(core.Name))];

    /// <summary>With a weighted sum of all entries of the result as the loss.</summary>
    private static Case Of(Tape<double> tape, IOperation<double> operation, params Variable<double>[] inputs)
    {
        var result = tape.Record(operation, inputs);
        var weights = new double[result.Length];
        new Philox(10).FillNormal<double>(weights, 1);
        return new Case(operation, tape, tape.Record(new WeightedSum("loss", weights), result), inputs.Length);
    }

    /// <param name="Operation">What is checked.</param>
    /// <param name="Tape">On which it stands.</param>
    /// <param name="Loss">A number that depends on it.</param>
    /// <param name="Leaves">How many gradients there are to compare.</param>
    private sealed record Case(IOperation<double> Operation, Tape<double> Tape, Variable<double> Loss, int Leaves);
}
