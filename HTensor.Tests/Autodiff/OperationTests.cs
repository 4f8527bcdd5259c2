using HTensor.Autodiff;
using HTensor.Core;
using HTensor.Kernels;

namespace HTensor.Tests.Autodiff;

public sealed class OperationTests
{
    private const int Units = 2;
    private const int Rows = 5;

    [Fact]
    public void A_bias_is_added_to_every_lane_and_its_gradient_is_the_sum()
    {
        var tape = new Tape<double>(Filled(new ParameterShape("b", [Rows])));
        var x = Input(tape, [Units, Rows, LaneBlock.Width]);
        var y = tape.Record(new AddBias<double>("bias"), x, tape.Parameter("b"));
        var weights = Normal(y.Length, 8);
        var loss = tape.Record(new WeightedSum("loss", weights), y);
        tape.Forward(ThreadTeam.Inline);
        tape.Backward(loss, ThreadTeam.Inline);
        var (b, sums) = (tape.Parameter("b").Value.ToArray(), new double[Rows]);
        for (var i = 0; i < y.Length; i++)
        {
            var row = i / LaneBlock.Width % Rows;
            Assert.Equal(x.Value.Span[i] + b[row], y.Value.Span[i]);
            Assert.Equal(weights[i], x.Gradient.Span[i]);
            sums[row] += weights[i];
        }

        for (var row = 0; row < Rows; row++) Assert.Equal(sums[row], tape.Parameter("b").Gradient.Span[row], 1e-12);
    }

    [Fact]
    public void Shapes_of_a_bias_are_named()
    {
        var tape = new Tape<double>(Filled(new ParameterShape("b", [Rows + 1])));
        var message = Assert.Throws<ArgumentException>(() => tape.Record(new AddBias<double>("bias"), Input(tape, [Units, Rows, LaneBlock.Width]), tape.Parameter("b"))).Message;
        Assert.Equal("bias: bias: expected [5], found [6]", message);
        message = Assert.Throws<ArgumentException>(() => tape.Record(new AddBias<double>("bias"), Input(tape, [Units, Rows, 8]), tape.Parameter("b"))).Message;
        Assert.Equal("bias: expected [units, rows, 16], found [2, 5, 8]", message);
    }

    [Fact]
    public void A_dropout_mask_is_a_function_of_seed_and_step()
    {
        double[] Mask(ulong seed, params long[] steps)
        {
            var (tape, dropout, y) = Dropped(0.3, seed, 4096);
            foreach (var step in steps)
            {
                dropout.Step = step;
                tape.Forward(ThreadTeam.Inline);
            }

            return y.Value.ToArray();
        }

        var expected = Mask(seed: 1, 5);
        Assert.Equal(expected, Mask(seed: 1, 7, 0, 5));
        Assert.NotEqual(expected, Mask(seed: 1, 6));
        Assert.NotEqual(expected, Mask(seed: 2, 5));
        Assert.Equal(Mask(seed: 1, 1L << 40), Mask(seed: 1, 3, 1L << 40));
    }

    [Theory]
    [InlineData(0.0)]
    [InlineData(0.1)]
    [InlineData(0.5)]
    [InlineData(0.9)]
    public void Dropout_keeps_the_mean(double rate)
    {
        const int count = 1 << 16;
        var (tape, dropout, y) = Dropped(rate, seed: 3, count);
        dropout.Step = 1;
        tape.Forward(ThreadTeam.Inline);
        var values = y.Value.ToArray();
        // Five standard deviations of the mean of independent entries.
        Assert.Equal(rate, values.Count(value => value == 0) / (double)count, 5 * Math.Sqrt(rate * (1 - rate) / count) + 1e-12);
        Assert.Equal(1, values.Average(), 5 * Math.Sqrt(rate / (1 - rate) / count) + 1e-12);
        Assert.All(values, value => Assert.True(value == 0 || value == 1 / (1 - rate)));
    }

    [Fact]
    public void Without_a_step_dropout_changes_nothing_whatever_came_before()
    {
        var (tape, dropout, y) = Dropped(0.5, seed: 3, 256);
        dropout.Step = 1;
        tape.Forward(ThreadTeam.Inline);
        dropout.Step = null;
        tape.Forward(ThreadTeam.Inline);
        Assert.All(y.Value.ToArray(), value => Assert.Equal(1, value));
    }

    [Theory]
    [InlineData(-0.1)]
    [InlineData(1.0)]
    [InlineData(double.NaN)]
    public void A_rate_that_drops_all_or_less_than_nothing_is_refused(double rate) =>
        Assert.Contains("from 0 to below 1", Assert.Throws<ArgumentOutOfRangeException>(() => new Dropout<double>("dropout", rate, 1)).Message);

    [Fact]
    public void Cross_entropy_is_the_mean_over_the_samples_that_are_there()
    {
        const int classes = 4;
        int[] labels = [.. Enumerable.Range(0, Units * LaneBlock.Width).Select(lane => lane % 5 == 4 ? -1 : lane % 5)];
        var tape = new Tape<double>(Filled());
        var x = Input(tape, [Units, classes, LaneBlock.Width]);
        var operation = new SoftmaxCrossEntropyLoss<double>("loss", labels);
        var loss = tape.Record(operation, x);
        Check();
        // Labels are read at each pass.
        Array.Fill(labels, -1, 16, 16);
        Check();

        void Check()
        {
            tape.Forward(ThreadTeam.Inline);
            tape.Backward(loss, ThreadTeam.Inline);
            var (sum, samples) = (0.0, labels.Count(label => label >= 0));
            for (var lane = 0; lane < labels.Length; lane++)
            {
                int At(int c) => (lane / LaneBlock.Width * classes + c) * LaneBlock.Width + lane % LaneBlock.Width;
                var total = Enumerable.Range(0, classes).Sum(c => Math.Exp(x.Value.Span[At(c)]));
                for (var c = 0; c < classes; c++)
                {
                    var p = Math.Exp(x.Value.Span[At(c)]) / total;
                    Assert.Equal(p, operation.Probabilities[At(c)], 1e-14);
                    Assert.Equal(labels[lane] < 0 ? 0 : (p - (labels[lane] == c ? 1 : 0)) / samples, x.Gradient.Span[At(c)], 1e-14);
                }

                if (labels[lane] >= 0) sum -= Math.Log(Math.Exp(x.Value.Span[At(labels[lane])]) / total);
            }

            Assert.Equal(sum / samples, loss.Value.Span[0], 1e-13);
        }
    }

    [Fact]
    public void Cross_entropy_of_no_sample_at_all_is_0()
    {
        int[] labels = [.. Enumerable.Repeat(-1, LaneBlock.Width)];
        var tape = new Tape<double>(Filled());
        var x = Input(tape, [1, 3, LaneBlock.Width]);
        var loss = tape.Record(new SoftmaxCrossEntropyLoss<double>("loss", labels), x);
        tape.Forward(ThreadTeam.Inline);
        tape.Backward(loss, ThreadTeam.Inline);
        Assert.Equal(0, loss.Value.Span[0]);
        Assert.All(x.Gradient.ToArray(), value => Assert.Equal(0, value));
    }

    [Fact]
    public void A_dense_layer_over_a_variable_is_the_triple_loop()
    {
        const int n = 7, m = 3;
        var matrix = new DenseFormat().Describe(new MatrixModes([n], [m]));
        var tape = new Tape<double>(Filled(new ParameterShape("W", [n, m])));
        var x = Input(tape, [Units, n, LaneBlock.Width]);
        var y = tape.Record(new LaneLinear<double>("linear", matrix, LaneContraction.Create<double>(matrix, Units), Units), tape.Parameter("W"), x);
        var weights = Normal(y.Length, 8);
        var loss = tape.Record(new WeightedSum("loss", weights), y);
        tape.Forward(ThreadTeam.Inline);
        tape.Backward(loss, ThreadTeam.Inline);
        var (w, dw, dx) = (tape.Parameter("W").Value.ToArray(), new double[n * m], new double[x.Length]);
        for (var unit = 0; unit < Units; unit++)
        {
            for (var lane = 0; lane < LaneBlock.Width; lane++)
            {
                for (var j = 0; j < m; j++)
                {
                    var (to, sum) = ((unit * m + j) * LaneBlock.Width + lane, 0.0);
                    for (var i = 0; i < n; i++)
                    {
                        var from = (unit * n + i) * LaneBlock.Width + lane;
                        sum += x.Value.Span[from] * w[i * m + j];
                        dw[i * m + j] += x.Value.Span[from] * weights[to];
                        dx[from] += w[i * m + j] * weights[to];
                    }

                    Assert.Equal(sum, y.Value.Span[to], 1e-13);
                }
            }
        }

        Assert.Equal(dw, tape.Parameter("W").Gradient.ToArray().Zip(dw, (found, expected) => Math.Abs(found - expected) < 1e-12 ? expected : found));
        Assert.Equal(dx, x.Gradient.ToArray().Zip(dx, (found, expected) => Math.Abs(found - expected) < 1e-12 ? expected : found));
    }

    [Fact]
    public void Shapes_of_a_linear_layer_are_named()
    {
        var matrix = new TensorTrainFormat(2).Describe(new MatrixModes([2, 3], [2, 2]));
        var tape = new Tape<double>(Filled([.. matrix.Cores.Select((core, i) => new ParameterShape(core.Name, matrix.CoreShape(i)))]));
        var linear = new LaneLinear<double>("linear", matrix, LaneContraction.Create<double>(matrix, 1), 1);
        Variable<double>[] cores = [.. matrix.Cores.Select(core => tape.Parameter(core.Name))];
        Assert.Equal("linear: expected 3 inputs, found 2", Refusal(cores));
        Assert.Equal("linear: x: expected [1, 6, 16], found [1, 5, 16]", Refusal([.. cores, Input(tape, [1, 5, LaneBlock.Width])]));
        Assert.Contains($"linear: {matrix.Cores[0].Name}: expected", Refusal([cores[1], cores[0], Input(tape, [1, 6, LaneBlock.Width])]));

        string Refusal(Variable<double>[] inputs) => Assert.Throws<ArgumentException>(() => tape.Record(linear, inputs)).Message;
    }

    private static (Tape<double> Tape, Dropout<double> Dropout, Variable<double> Result) Dropped(double rate, ulong seed, int count)
    {
        var tape = new Tape<double>(Filled());
        var x = tape.Input("x", [count]);
        x.Value.Span.Fill(1);
        var dropout = new Dropout<double>("dropout", rate, seed);
        return (tape, dropout, tape.Record(dropout, x));
    }

    private static ParameterSet<double> Filled(params ParameterShape[] shapes)
    {
        var parameters = new ParameterSet<double>(shapes);
        new Philox(5).FillNormal(parameters.Values, 1.0);
        return parameters;
    }

    private static Variable<double> Input(Tape<double> tape, int[] shape)
    {
        var input = tape.Input("x", shape, InputGradients.Computed);
        new Philox(6).FillNormal(input.Value.Span, 1.0);
        return input;
    }

    private static double[] Normal(int count, ulong seed)
    {
        var values = new double[count];
        new Philox(seed).FillNormal<double>(values, 1);
        return values;
    }
}
