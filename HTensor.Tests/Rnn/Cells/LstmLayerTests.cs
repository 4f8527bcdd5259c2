using System.Numerics;
using HTensor.Autodiff;
using HTensor.Kernels;
using HTensor.Rnn;

namespace HTensor.Tests.Rnn;

/// <summary>The layer over samples in lanes against the cell's equations, each sample by itself.</summary>
public sealed class LstmLayerTests
{
    [Theory]
    [InlineData(5, 19)]
    [InlineData(64, 19)]
    [InlineData(70, 19)]
    [InlineData(70, 1)]
    [InlineData(130, 35)]
    public void Is_the_scalar_cell_over_each_sample(int hidden, int samples)
    {
        Compare<double>(hidden, samples, 1e-13);
        Compare<float>(hidden, samples, 2e-6);
    }

    [Fact]
    public void Bits_do_not_depend_on_the_number_of_threads()
    {
        using var two = new ThreadTeam(2);
        using var three = new ThreadTeam(3);
        var expected = ValuesAndGradients(ThreadTeam.Inline);
        Assert.Equal(expected, ValuesAndGradients(two));
        Assert.Equal(expected, ValuesAndGradients(three));
    }

    [Fact]
    public void Shapes_are_named()
    {
        var batch = SmallBatch.Load<double>();
        var tape = new Tape<double>(SmallBatch.RandomParameters(new ParameterShape("U", [5, 20])));
        var message = Assert.Throws<ArgumentException>(() => tape.Record(new LstmLayer<double>("lstm", batch, 5), tape.Input("z", [8, 16, LaneBlock.Width]), tape.Parameter("U"))).Message;
        Assert.Equal("lstm: z: expected [8, 20, 16], found [8, 16, 16]", message);
        message = Assert.Throws<ArgumentException>(() => tape.Record(new LstmLayer<double>("lstm", batch, 4), tape.Input("z", [8, 16, LaneBlock.Width]), tape.Parameter("U"))).Message;
        Assert.Equal("lstm: U: expected [4, 16], found [5, 20]", message);
    }

    private static void Compare<T>(int hidden, int samples, double tolerance)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var batch = SmallBatch.Load<T>(samples);
        var parameters = new ParameterSet<T>([new("U", [hidden, 4 * hidden])]);
        new Philox(5).FillNormal(parameters.Values, T.CreateChecked(1 / Math.Sqrt(hidden)));
        var tape = new Tape<T>(parameters);
        var z = tape.Input("z", [batch.Groups * batch.Steps, 4 * hidden, LaneBlock.Width]);
        new Philox(9).FillNormal(z.Value.Span, T.One);
        var h = tape.Record(new LstmLayer<T>("lstm", batch, hidden), z, tape.Parameter("U"));
        tape.Forward(ThreadTeam.Inline);
        var u = parameters.Values.ToArray().Select(double.CreateChecked).ToArray();
        for (var sample = 0; sample < samples; sample++)
        {
            var (group, lane) = (sample / LaneBlock.Width, sample % LaneBlock.Width);
            var (state, cell) = (new double[hidden], new double[hidden]);
            for (var step = 0; step < SmallBatch.Length(sample); step++)
            {
                var unit = group * batch.Steps + step;
                var first = unit * 4 * hidden;
                var gates = Enumerable.Range(0, 4 * hidden).Select(row => double.CreateChecked(z.Value.Span[(first + row) * LaneBlock.Width + lane])).ToArray();
                (state, cell) = Step(gates, u, state, cell);
                for (var k = 0; k < hidden; k++)
                {
                    var found = double.CreateChecked(h.Value.Span[(unit * hidden + k) * LaneBlock.Width + lane]);
                    if (!(Math.Abs(found - state[k]) <= tolerance)) Assert.Fail($"sample {sample}, step {step}, unit {k}: expected {state[k]}, found {found}");
                }
            }
        }
    }

    /// <summary>[i f g o] = z + U^T h; c = f c + i g; h = o tanh(c).</summary>
    private static (double[] Hidden, double[] Cell) Step(double[] z, double[] u, double[] hiddenBefore, double[] cellBefore)
    {
        var size = hiddenBefore.Length;
        var (hidden, cell) = (new double[size], new double[size]);
        double Gate(int gate, int k) => z[gate * size + k] + Enumerable.Range(0, size).Sum(j => hiddenBefore[j] * u[j * 4 * size + gate * size + k]);
        static double Sigmoid(double x) => 1 / (1 + Math.Exp(-x));
        for (var k = 0; k < size; k++)
        {
            cell[k] = Sigmoid(Gate(1, k)) * cellBefore[k] + Sigmoid(Gate(0, k)) * Math.Tanh(Gate(2, k));
            hidden[k] = Sigmoid(Gate(3, k)) * Math.Tanh(cell[k]);
        }

        return (hidden, cell);
    }

    private static float[] ValuesAndGradients(ThreadTeam team)
    {
        const int hidden = 130;
        var batch = SmallBatch.Load<float>();
        var parameters = new ParameterSet<float>([new("U", [hidden, 4 * hidden])]);
        new Philox(5).FillNormal(parameters.Values, 0.1f);
        var tape = new Tape<float>(parameters);
        var z = tape.Input("z", [batch.Groups * batch.Steps, 4 * hidden, LaneBlock.Width], InputGradients.Computed);
        new Philox(9).FillNormal(z.Value.Span, 1f);
        var h = tape.Record(new LstmLayer<float>("lstm", batch, hidden), z, tape.Parameter("U"));
        var read = tape.Record(new StepReadout<float>("readout", batch, Readout.Mean), h);
        var loss = tape.Record(new SoftmaxCrossEntropyLoss<float>("loss", batch.Labels), read);
        tape.Forward(team);
        tape.Backward(loss, team);
        return [.. h.Value.Span, .. z.Gradient.Span, .. tape.ParameterGradients.Span];
    }
}
