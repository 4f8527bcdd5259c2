using System.Numerics;
using HTensor.Autodiff;
using HTensor.Kernels;
using HTensor.Rnn;

namespace HTensor.Tests.Rnn;

/// <summary>The layer over samples in lanes against the cell's equations, each sample by itself.</summary>
public sealed class RecurrentLayerTests
{
    public static TheoryData<string> Cells => [.. ScalarCell.Names];

    [Theory]
    [MemberData(nameof(Cells))]
    public void Is_the_scalar_cell_over_each_sample(string cell)
    {
        foreach (var (hidden, samples) in new[] { (5, 19), (64, 19), (70, 19), (70, 1), (130, 35) })
        {
            Compare<double>(ScalarCell.Of(cell), hidden, samples, 1e-13);
            Compare<float>(ScalarCell.Of(cell), hidden, samples, 3e-6);
        }
    }

    [Theory]
    [MemberData(nameof(Cells))]
    public void Bits_do_not_depend_on_the_number_of_threads(string cell)
    {
        using var two = new ThreadTeam(2);
        using var three = new ThreadTeam(3);
        var expected = ValuesAndGradients(ScalarCell.Of(cell), ThreadTeam.Inline);
        Assert.Equal(expected, ValuesAndGradients(ScalarCell.Of(cell), two));
        Assert.Equal(expected, ValuesAndGradients(ScalarCell.Of(cell), three));
    }

    [Theory]
    [MemberData(nameof(Cells))]
    public void A_pass_allocates_nothing(string cell)
    {
        const int hidden = 70;
        var (batch, kind) = (SmallBatch.Load<float>(), ScalarCell.Of(cell));
        var (tape, _, h) = Record(kind, batch, hidden);
        var read = tape.Record(new StepReadout<float>("readout", batch, Readout.Mean), h);
        var loss = tape.Record(new SoftmaxCrossEntropyLoss<float>("loss", batch.Labels), read);
        Pass();
        Assert.Equal(0, Allocation.Of(Pass));

        void Pass()
        {
            tape.Forward(ThreadTeam.Inline);
            tape.Backward(loss, ThreadTeam.Inline);
        }
    }

    [Fact]
    public void Shapes_are_named()
    {
        var batch = SmallBatch.Load<double>();
        var tape = new Tape<double>(SmallBatch.RandomParameters(new ParameterShape("U", [5, 20])));
        var message = Assert.Throws<ArgumentException>(() => tape.Record(new RecurrentLayer<double>("lstm", batch, 5, CellKind.Lstm), tape.Input("z", [8, 16, LaneBlock.Width]), tape.Parameter("U"))).Message;
        Assert.Equal("lstm: z: expected [8, 20, 16], found [8, 16, 16]", message);
        message = Assert.Throws<ArgumentException>(() => tape.Record(new RecurrentLayer<double>("lstm", batch, 4, CellKind.Lstm), tape.Input("z", [8, 16, LaneBlock.Width]), tape.Parameter("U"))).Message;
        Assert.Equal("lstm: U: expected [4, 16], found [5, 20]", message);
    }

    private static void Compare<T>(ScalarCell cell, int hidden, int samples, double tolerance)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var batch = SmallBatch.Load<T>(samples);
        var (tape, z, h) = Record(cell, batch, hidden);
        tape.Forward(ThreadTeam.Inline);
        var (u, bias) = (Wide(tape.Parameter("U")), Wide(tape.Parameter("b")));
        for (var sample = 0; sample < samples; sample++)
        {
            var (group, lane) = (sample / LaneBlock.Width, sample % LaneBlock.Width);
            var (state, memory) = (new double[hidden], new double[hidden]);
            for (var step = 0; step < SmallBatch.Length(sample); step++)
            {
                var unit = group * batch.Steps + step;
                var first = unit * cell.Gates * hidden;
                var gates = Enumerable.Range(0, cell.Gates * hidden).Select(row => double.CreateChecked(z.Value.Span[(first + row) * LaneBlock.Width + lane])).ToArray();
                state = cell.Step(gates, u, bias, state, memory);
                for (var k = 0; k < hidden; k++)
                {
                    var found = double.CreateChecked(h.Value.Span[(unit * hidden + k) * LaneBlock.Width + lane]);
                    if (!(Math.Abs(found - state[k]) <= tolerance)) Assert.Fail($"sample {sample}, step {step}, unit {k}: expected {state[k]}, found {found}");
                }
            }
        }
    }

    private static double[] Wide<T>(Variable<T> variable)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> => [.. variable.Value.ToArray().Select(double.CreateChecked)];

    private static (Tape<T> Tape, Variable<T> Z, Variable<T> Hidden) Record<T>(ScalarCell cell, LaneBatch<T> batch, int hidden)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var parameters = new ParameterSet<T>([new("U", [hidden, cell.Gates * hidden]), new("b", [hidden])]);
        new Philox(5).FillNormal(parameters.Values, T.CreateChecked(1 / Math.Sqrt(hidden)));
        var tape = new Tape<T>(parameters);
        var z = tape.Input("z", [batch.Groups * batch.Steps, cell.Gates * hidden, LaneBlock.Width], InputGradients.Computed);
        new Philox(9).FillNormal(z.Value.Span, T.One);
        Variable<T>[] inputs = cell.Reset == GruReset.After ? [z, tape.Parameter("U"), tape.Parameter("b")] : [z, tape.Parameter("U")];
        return (tape, z, tape.Record(new RecurrentLayer<T>("layer", batch, hidden, cell.Kind, cell.Reset), inputs));
    }

    private static float[] ValuesAndGradients(ScalarCell cell, ThreadTeam team)
    {
        var batch = SmallBatch.Load<float>();
        var (tape, z, h) = Record(cell, batch, 130);
        var read = tape.Record(new StepReadout<float>("readout", batch, Readout.Mean), h);
        var loss = tape.Record(new SoftmaxCrossEntropyLoss<float>("loss", batch.Labels), read);
        tape.Forward(team);
        tape.Backward(loss, team);
        return [.. h.Value.Span, .. z.Gradient.Span, .. tape.ParameterGradients.Span];
    }
}
