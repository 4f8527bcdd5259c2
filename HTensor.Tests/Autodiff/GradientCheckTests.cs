using HTensor.Autodiff;
using HTensor.Kernels;

namespace HTensor.Tests.Autodiff;

/// <summary>A check that cannot fail shows nothing: each of these faults must show.</summary>
public sealed class GradientCheckTests
{
    [Fact]
    public void A_right_backward_pass_agrees()
    {
        var comparisons = Run(1);
        Assert.Equal(["a", "b", "x"], comparisons.Select(comparison => comparison.Variable));
        Assert.All(comparisons, comparison => Assert.True(comparison.RelativeError < 1e-10, comparison.ToString()));
        Assert.All(comparisons, comparison => Assert.NotEqual(0, comparison.Numeric));
    }

    [Theory]
    [InlineData(1.0001)]
    [InlineData(-1)]
    [InlineData(0)]
    [InlineData(double.NaN)]
    public void A_wrong_backward_pass_is_caught(double factor)
    {
        // Not "above": a NaN is no agreement.
        Assert.All(Run(factor), comparison => Assert.False(comparison.RelativeError < 5e-5, comparison.ToString()));
    }

    [Fact]
    public void A_gradient_that_is_missing_for_one_input_is_caught_there_alone()
    {
        var (tape, loss) = Record(1, forgetB: true);
        Assert.Equal([false, true, false], GradientCheck.Run(tape, loss).Select(comparison => comparison.RelativeError > 1e-6));
    }

    [Fact]
    public void All_values_are_as_before()
    {
        var (tape, loss) = Record(1);
        tape.Forward(ThreadTeam.Inline);
        var (value, a) = (loss.Value.Span[0], tape.Parameter("a").Value.ToArray());
        GradientCheck.Run(tape, loss);
        Assert.Equal(value, loss.Value.Span[0]);
        Assert.Equal(a, tape.Parameter("a").Value.ToArray());
    }

    private static IReadOnlyList<GradientComparison> Run(double factor)
    {
        var (tape, loss) = Record(factor);
        return GradientCheck.Run(tape, loss);
    }

    private static (Tape<double> Tape, Variable<double> Loss) Record(double factor, bool forgetB = false)
    {
        var parameters = new ParameterSet<double>([new("a", [5]), new("b", [5])]);
        var random = new Philox(4);
        random.FillNormal(parameters.Values, 1.0);
        var tape = new Tape<double>(parameters);
        var x = tape.Input("x", [5], InputGradients.Computed);
        random.FillNormal(x.Value.Span, 1.0);
        IOperation<double> first = forgetB ? new Forgetful("a b") : new Times("a b");
        var product = tape.Record(new Times("a b x"), tape.Record(first, tape.Parameter("a"), tape.Parameter("b")), x);
        return (tape, tape.Record(new WeightedSum("loss", [1, -2, 3, -4, 5], factor), product));
    }

    /// <summary>Times, without the gradient of b.</summary>
    private sealed class Forgetful(string name) : IOperation<double>
    {
        private readonly Times _times = new(name);

        public string Name => name;

        public IReadOnlyList<int> ResultShape(IReadOnlyList<IReadOnlyList<int>> inputs) => _times.ResultShape(inputs);

        public void Forward(OperationCall<double> call) => _times.Forward(call);

        public void Backward(OperationCall<double> call)
        {
            _times.Backward(call);
            call.InputGradient(1).Span.Clear();
        }
    }
}
