using HTensor.Autodiff;
using HTensor.Core;
using HTensor.Kernels;
using HTensor.Rnn;

namespace HTensor.Tests.Rnn.Models;

/// <summary>W and U of a joint matrix are its first N rows and the H behind them.</summary>
public sealed class JointLayoutTests
{
    public static TheoryData<int[], int[], GateMode> Shapes => new()
    {
        { [2, 3, 2], [2, 2, 3], GateMode.First },
        { [2, 4, 6], [2, 2, 3], GateMode.Last },
        { [2, 4, 6], [2, 2, 3], GateMode.Own },
        { [2, 5, 5], [2, 2, 3], GateMode.First },
    };

    [Theory]
    [MemberData(nameof(Shapes))]
    public void Both_are_rows_of_one_matrix(int[] inputModes, int[] hiddenModes, GateMode gates)
    {
        foreach (var format in new[] { WeightFormat.HierarchicalTucker(2, 3), WeightFormat.TensorRing(2), WeightFormat.CanonicalPolyadic(3) })
        {
            var layout = new ClassifierLayout(new ModelOptions
            {
                InputModes = inputModes,
                HiddenModes = hiddenModes,
                Gates = gates,
                InputWeights = format,
                Coupling = WeightCoupling.Joint,
                Classes = ["a", "b"],
            });
            var layer = layout.Layers[0][0];
            var joint = layer.Joint!;
            var parameters = new ParameterSet<double>(layout.Parameters);
            ClassifierInitializer.Fill(layout, parameters, 3);
            var tape = new Tape<double>(parameters, TapePurpose.Inference);
            var whole = Dense(tape, joint.Whole, [.. joint.Whole.Network.Cores.Select(core => tape.Parameter($"joint.{core.Name}"))]);
            var input = Dense(tape, joint.Input, CoreVariables.Input(tape, layer));
            var recurrent = CoreVariables.Recurrent(tape, layer);
            tape.Forward(ThreadTeam.Inline);
            var columns = 4 * layout.Hidden;
            var rows = inputModes.Aggregate(1, (product, mode) => product * mode);
            Assert.Equal([rows, columns], input.Shape);
            Assert.Equal(whole.Shape[0], rows + layout.Hidden + joint.Padding);
            Near(whole.Value.Span[..(rows * columns)], input.Value.Span);
            Near(whole.Value.Span.Slice(rows * columns, layout.Hidden * columns), recurrent.Value.Span);
        }
    }

    [Fact]
    public void A_dense_format_is_refused()
    {
        var options = new ModelOptions { InputModes = [4], HiddenModes = [4], Coupling = WeightCoupling.Joint, Classes = ["a", "b"] };
        Assert.Contains("joint: expected a format with cores, found dense", Assert.Throws<ArgumentException>(() => SequenceClassifier.Create(options)).Message, StringComparison.Ordinal);
    }

    private static Variable<double> Dense(Tape<double> tape, GateLayout layout, Variable<double>[] cores) =>
        tape.Record(new MatrixOfCores<double>("matrix", layout.Network, layout.Network.Modes.Rows, layout.OutputOffsets), cores);

    private static void Near(ReadOnlySpan<double> expected, ReadOnlySpan<double> found)
    {
        for (var i = 0; i < found.Length; i++) Assert.Equal(expected[i], found[i], 1e-12);
    }
}
