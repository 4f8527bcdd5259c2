using HTensor.Autodiff;
using HTensor.Kernels;

namespace HTensor.Tests.Autodiff;

public sealed class TapeTests
{
    private const int Length = 7;

    private static readonly double[] Ones = [.. Enumerable.Repeat(1.0, Length)];

    [Fact]
    public void A_replay_gives_the_same_bits()
    {
        var (tape, loss) = PowerTape(Parameters());
        tape.Forward(ThreadTeam.Inline);
        tape.Backward(loss, ThreadTeam.Inline);
        var (value, gradients) = (loss.Value.Span[0], tape.ParameterGradients.ToArray());
        tape.ParameterGradients.Span.Fill(double.NaN);
        tape.Forward(ThreadTeam.Inline);
        tape.Backward(loss, ThreadTeam.Inline);
        Assert.Equal(value, loss.Value.Span[0]);
        Assert.Equal(gradients, tape.ParameterGradients.ToArray());
    }

    [Fact]
    public void The_gradients_of_all_who_read_a_variable_add_up()
    {
        // loss = sum of x^4 w: x is read twice by one operation and once each by two others.
        var parameters = Parameters();
        var (tape, loss) = PowerTape(parameters);
        tape.Forward(ThreadTeam.Inline);
        tape.Backward(loss, ThreadTeam.Inline);
        var (x, w) = (parameters["x"].Values.ToArray(), parameters["w"].Values.ToArray());
        for (var i = 0; i < Length; i++)
        {
            Assert.Equal(4 * x[i] * x[i] * x[i] * w[i], tape.Parameter("x").Gradient.Span[i], 1e-14);
            Assert.Equal(x[i] * x[i] * x[i] * x[i], tape.Parameter("w").Gradient.Span[i], 1e-14);
        }
    }

    [Fact]
    public void What_a_loss_does_not_depend_on_has_zeros_whatever_stood_there()
    {
        var tape = new Tape<double>(Parameters());
        var input = tape.Input("input", [Length], InputGradients.Computed);
        var (x, w, unused) = (tape.Parameter("x"), tape.Parameter("w"), tape.Parameter("unused"));
        var first = tape.Record(new WeightedSum("first", Ones), tape.Record(new Times("x w"), x, w));
        var second = tape.Record(new WeightedSum("second", Ones), tape.Record(new Times("x input"), x, input));
        input.Value.Span.Fill(2);
        tape.ParameterGradients.Span.Fill(double.NaN);
        tape.Forward(ThreadTeam.Inline);
        tape.Backward(first, ThreadTeam.Inline);
        Assert.All(unused.Gradient.ToArray(), value => Assert.Equal(0, value));
        Assert.All(input.Gradient.ToArray(), value => Assert.Equal(0, value));
        Assert.Equal(w.Value.ToArray(), x.Gradient.ToArray());

        tape.Backward(second, ThreadTeam.Inline);
        Assert.Equal(input.Value.ToArray(), x.Gradient.ToArray());
        Assert.Equal(x.Value.ToArray(), input.Gradient.ToArray());
        Assert.All(w.Gradient.ToArray(), value => Assert.Equal(0, value));
        Assert.Equal(0, first.Gradient.Span[0]);
    }

    [Fact]
    public void Two_losses_take_turns_without_an_allocation()
    {
        var tape = new Tape<double>(Parameters());
        var product = tape.Record(new Times("product"), tape.Parameter("x"), tape.Parameter("w"));
        var first = tape.Record(new WeightedSum("first", Ones), product);
        var second = tape.Record(new WeightedSum("second", [.. Ones.Select(one => 2 * one)]), product);
        Turn();
        Assert.Equal(0, Allocation.Of(() =>
        {
            for (var i = 0; i < 10; i++) Turn();
        }));

        void Turn()
        {
            tape.Forward(ThreadTeam.Inline);
            tape.Backward(first, ThreadTeam.Inline);
            var once = tape.Parameter("x").Gradient.Span[0];
            tape.Backward(second, ThreadTeam.Inline);
            if (tape.Parameter("x").Gradient.Span[0] != 2 * once) Assert.Fail("the second loss is twice the first");
        }
    }

    [Fact]
    public void A_parameters_gradient_stands_at_its_offset_among_all()
    {
        var parameters = Parameters();
        var (tape, loss) = PowerTape(parameters);
        tape.Forward(ThreadTeam.Inline);
        tape.Backward(loss, ThreadTeam.Inline);
        foreach (var parameter in parameters.Items)
            Assert.Equal(tape.ParameterGradients.Slice(parameter.Offset, parameter.Length).ToArray(), tape.Parameter(parameter.Name).Gradient.ToArray());
    }

    [Fact]
    public void A_tape_for_inference_computes_the_same_values_and_refuses_gradients()
    {
        var parameters = Parameters();
        var (training, expected) = PowerTape(parameters);
        training.Forward(ThreadTeam.Inline);
        var (tape, loss) = PowerTape(parameters, TapePurpose.Inference);
        tape.Forward(ThreadTeam.Inline);
        Assert.Equal(expected.Value.Span[0], loss.Value.Span[0]);
        Assert.True(tape.ParameterGradients.IsEmpty);
        Assert.False(loss.HasGradient);
        Assert.Contains("inference", Assert.Throws<InvalidOperationException>(() => tape.Backward(loss, ThreadTeam.Inline)).Message);
    }

    [Fact]
    public void What_does_not_fit_is_refused_by_name()
    {
        var (tape, loss) = PowerTape(Parameters());
        var (other, _) = PowerTape(Parameters());
        var (x, small, plain) = (tape.Parameter("x"), tape.Input("small", [3]), tape.Input("plain", [1]));
        Refused(() => tape.Record(new Times("product"), x, small), "product", "[7]", "[3]");
        Refused(() => tape.Record(new Times("product"), x), "product", "expected 2 inputs, found 1");
        Refused(() => tape.Record(new Times("product"), x, other.Parameter("w")), "product", "'w'", "another tape");
        var twice = new Times("twice");
        tape.Record(twice, x, x);
        Refused(() => tape.Record(twice, x, x), "twice", "already");
        Refused(() => tape.Input("flat", [4, 0]), "flat", "[4, 0]");
        Refused(() => tape.Parameter("y"), "'y'", "x, w, unused");
        Refused(() => tape.Backward(x, ThreadTeam.Inline), "'x'", "one number", "[7]");
        Refused(() => tape.Backward(plain, ThreadTeam.Inline), "'plain'", "without");
        Refused(() => other.Backward(loss, ThreadTeam.Inline), "'loss'", "another tape");

        static void Refused(Action action, params string[] parts)
        {
            var message = Assert.Throws<ArgumentException>(action).Message;
            foreach (var part in parts) Assert.Contains(part, message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void A_shape_is_kept_whatever_becomes_of_the_callers_list()
    {
        var tape = new Tape<double>(Parameters());
        int[] shape = [2, 3];
        var input = tape.Input("input", shape);
        shape[0] = 9;
        Assert.Equal([2, 3], input.Shape);
    }

    private static ParameterSet<double> Parameters()
    {
        var parameters = new ParameterSet<double>([new("x", [Length]), new("w", [Length]), new("unused", [2])]);
        new Philox(3).FillNormal(parameters.Values, 1.0);
        return parameters;
    }

    private static (Tape<double> Tape, Variable<double> Loss) PowerTape(ParameterSet<double> parameters, TapePurpose purpose = TapePurpose.Training)
    {
        var tape = new Tape<double>(parameters, purpose);
        var (x, w) = (tape.Parameter("x"), tape.Parameter("w"));
        var square = tape.Record(new Times("x x"), x, x);
        var cube = tape.Record(new Times("x x x"), square, x);
        var weighted = tape.Record(new Times("x w"), x, w);
        return (tape, tape.Record(new WeightedSum("loss", Ones), tape.Record(new Times("all"), cube, weighted)));
    }
}
