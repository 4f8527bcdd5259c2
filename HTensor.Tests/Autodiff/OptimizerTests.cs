using System.Numerics;
using HTensor.Autodiff;
using HTensor.Kernels;
using Xunit;

namespace HTensor.Tests.Autodiff;

public sealed class OptimizerTests
{
    private static readonly ParameterShape[] Small = [new("weight", [3, 7]), new("bias", [5]), new("gain", []), new("core", [2, 3, 2])];

    // Three pieces; a boundary inside a weight, a bias across the next one.
    private static readonly ParameterShape[] Large = [new("weight", [300, 400]), new("bias", [20_000]), new("core", [31, 43, 3])];

    [Fact]
    public void AdamW_follows_the_formula_over_steps()
    {
        FollowsAdamW<float>(2e-5);
        FollowsAdamW<double>(1e-13);
    }

    [Fact]
    public void Momentum_follows_the_formula_over_steps()
    {
        FollowsMomentum<float>(2e-5);
        FollowsMomentum<double>(1e-13);
    }

    [Fact]
    public void The_first_step_of_AdamW_is_the_learning_rate_whatever_the_gradient()
    {
        var set = new ParameterSet<double>([new("w", [4])]);
        new AdamW<double>(set).Step(set, new[] { 1e-3, -1e3, 5, 0 }, 0.1, 1, ThreadTeam.Inline);
        // lr |g| / (|g| + eps): only with t = 1 and eps outside the root.
        double[] expected = [-0.1 * 1e-3 / (1e-3 + 1e-8), 0.1, -0.1, 0];
        for (var i = 0; i < 4; i++) Assert.InRange(set.Values[i] - expected[i], -1e-9, 1e-9);
        Assert.InRange(set.Values[0] + 0.1, 0.9e-6, 1.1e-6);
    }

    [Fact]
    public void A_gradient_scale_is_a_scaled_gradient()
    {
        foreach (var make in Makers<double>())
        {
            ParameterSet<double> a = Filled<double>(Small), b = Filled<double>(Small);
            IOptimizer<double> first = make(a), second = make(b);
            for (var step = 0; step < 3; step++)
            {
                var gradient = Gradient<double>(a.Length, step);
                first.Step(a, gradient, 0.1, 0.25, ThreadTeam.Inline);
                second.Step(b, gradient.Select(g => g * 0.25).ToArray(), 0.1, 1, ThreadTeam.Inline);
            }

            Assert.Equal(a.Values.ToArray(), b.Values.ToArray());
        }
    }

    [Fact]
    public void Only_parameters_of_two_or_more_modes_decay()
    {
        foreach (var make in Makers<float>())
        {
            var set = new ParameterSet<float>(Large);
            set.Values.Fill(1);
            make(set).Step(set, new float[set.Length], 0.1, 1, ThreadTeam.Inline);
            foreach (var parameter in set.Items)
            {
                var expected = parameter.Shape.Sizes.Count >= 2 ? 1 - 0.1f * 0.5f : 1;
                foreach (var value in parameter.Values) Assert.Equal(expected, value);
            }
        }
    }

    [Fact]
    public void The_number_of_threads_changes_no_bit()
    {
        foreach (var make in Makers<float>())
        {
            var expected = Trained(make, ThreadTeam.Inline);
            foreach (var size in (int[])[2, 4])
            {
                using var team = new ThreadTeam(size);
                Assert.Equal(expected, Trained(make, team));
            }
        }
    }

    /// <summary>Recorded once; the same under every switch of the instruction set (DOTNET_EnableAVX512=0, DOTNET_EnableAVX2=0, ...).</summary>
    [Fact]
    public void Stepped_weights_have_the_recorded_bits()
    {
        string[] expected =
        [
            "c4f0132bb4bcfa18cc8465a0b758c217c3a60e109dc517712855b9b3bf4b1524",
            "495fee32ff5b8b34f262397315301cd488626535ab620537b891969202972d38",
        ];
        var makers = Makers<float>();
        for (var i = 0; i < makers.Length; i++)
        {
            Assert.Equal(expected[i], Trained(makers[i], ThreadTeam.Inline));
        }
    }

    [Fact]
    public void Every_piece_is_the_runs_between_its_bounds()
    {
        var layout = new UpdateLayout<float>(new ParameterSet<float>(Large));
        Assert.Equal(3, layout.Pieces);
        // The weight ends and the bias begins at 120,000, the core at 140,000.
        Assert.Equal([new(0, 65_536, true)], layout.Of(0).ToArray());
        Assert.Equal([new(65_536, 54_464, true), new(120_000, 11_072, false)], layout.Of(1).ToArray());
        Assert.Equal([new(131_072, 8_928, false), new(140_000, 3_999, true)], layout.Of(2).ToArray());
        var joined = new UpdateLayout<float>(new ParameterSet<float>([new("a", [2, 2]), new("b", [3, 1]), new("c", [2]), new("d", [])]));
        Assert.Equal([new(0, 7, true), new(7, 3, false)], joined.Of(0).ToArray());
    }

    [Fact]
    public void A_restored_state_goes_on_with_the_same_bits()
    {
        foreach (var make in Makers<float>())
        {
            var set = Filled<float>(Small);
            var whole = make(set);
            Steps(whole, set, 0, 60);
            var copy = new ParameterSet<float>(Small);
            copy.CopyFrom(set);
            var resumed = make(copy);
            resumed.StepCount = whole.StepCount;
            for (var i = 0; i < whole.State.Count; i++)
            {
                Assert.Equal(whole.State[i].Name, resumed.State[i].Name);
                whole.State[i].Values.CopyTo(resumed.State[i].Values);
            }

            Steps(whole, set, 60, 20);
            Steps(resumed, copy, 60, 20);
            Assert.Equal(80, resumed.StepCount);
            Assert.Equal(set.Sha256(), copy.Sha256());
        }
    }

    [Fact]
    public void A_resume_without_the_count_or_the_state_is_another_training()
    {
        var set = Filled<float>(Small);
        var whole = new AdamW<float>(set);
        Steps(whole, set, 0, 5);
        foreach (var keepsCount in (bool[])[true, false])
        {
            var copy = new ParameterSet<float>(Small);
            copy.CopyFrom(set);
            var resumed = new AdamW<float>(copy);
            if (keepsCount) resumed.StepCount = 5;
            else whole.State[0].Values.CopyTo(resumed.State[0].Values);
            Steps(resumed, copy, 5, 1);
            var reference = new ParameterSet<float>(Small);
            reference.CopyFrom(set);
            var right = new AdamW<float>(reference) { StepCount = 5 };
            for (var i = 0; i < 2; i++) whole.State[i].Values.CopyTo(right.State[i].Values);
            Steps(right, reference, 5, 1);
            Assert.NotEqual(reference.Sha256(), copy.Sha256());
        }
    }

    [Fact]
    public void Powers_are_the_same_after_a_resume_at_any_step()
    {
        foreach (var beta in (double[])[0, 0.5, 0.9, 0.999])
        {
            var going = new DecayPower(beta);
            for (var step = 1; step <= 50_000; step++)
            {
                going.Advance();
                if (step > 10 && step % 7919 != 0) continue;
                var resumed = new DecayPower(beta);
                resumed.MoveTo(step);
                Assert.Equal(going.Value, resumed.Value);
                Assert.InRange(going.Value - Math.Pow(beta, step), -1e-13, 1e-13);
            }
        }
    }

    [Fact]
    public void A_step_allocates_nothing()
    {
        foreach (var make in Makers<float>())
        {
            var set = Filled<float>(Large);
            var optimizer = make(set);
            var norm = new GradientNorm<float>();
            var gradient = Gradient<float>(set.Length, 0);
            void Step() => optimizer.Step(set, gradient, 0.1, GradientClipping.Scale(norm.Of(gradient, ThreadTeam.Inline), 1), ThreadTeam.Inline);
            Step();
            Assert.Equal(0, Allocation.Of(() =>
            {
                Step();
                Step();
            }));
        }
    }

    [Fact]
    public void What_does_not_fit_is_refused_and_nothing_is_changed()
    {
        foreach (var make in Makers<float>())
        {
            var set = Filled<float>(Small);
            var optimizer = make(set);
            var gradient = Gradient<float>(set.Length, 0);
            var before = set.Sha256();
            void Refused(string message, Action action) =>
                Assert.Contains(message, Assert.ThrowsAny<ArgumentException>(action).Message, StringComparison.Ordinal);
            Refused("length of gradient: expected 39", () => optimizer.Step(set, gradient.AsMemory(1), 0.1, 1, ThreadTeam.Inline));
            Refused("learning rate: expected a finite number, at least 0, found NaN", () => optimizer.Step(set, gradient, double.NaN, 1, ThreadTeam.Inline));
            Refused("learning rate", () => optimizer.Step(set, gradient, -1, 1, ThreadTeam.Inline));
            Refused("gradient scale", () => optimizer.Step(set, gradient, 1, double.NaN, ThreadTeam.Inline));
            var other = new ParameterSet<float>([new("weight", [7, 3]), .. Small[1..]]);
            Refused("parameter 0: expected weight [3, 7], found weight [7, 3]", () => optimizer.Step(other, gradient, 0.1, 1, ThreadTeam.Inline));
            Refused("", () => optimizer.StepCount = -1);
            Assert.Equal(before, set.Sha256());
            Assert.Equal(0, optimizer.StepCount);
            foreach (var state in optimizer.State) Assert.Equal(-1, state.Values.Span.IndexOfAnyExcept(0f));
        }
    }

    [Fact]
    public void Options_outside_their_range_are_named()
    {
        var set = new ParameterSet<float>(Small);
        static void Refused(string message, Action action) =>
            Assert.Contains(message, Assert.Throws<ArgumentOutOfRangeException>(action).Message, StringComparison.Ordinal);
        Refused("beta1", () => _ = new AdamW<float>(set, new() { Beta1 = 1 }));
        Refused("beta2", () => _ = new AdamW<float>(set, new() { Beta2 = double.NaN }));
        Refused("epsilon", () => _ = new AdamW<float>(set, new() { Epsilon = 1e-60 }));
        Refused("weight decay", () => _ = new AdamW<float>(set, new() { WeightDecay = -0.1 }));
        Refused("momentum", () => _ = new MomentumSgd<float>(set, new() { Momentum = 1 }));
        Refused("weight decay", () => _ = new MomentumSgd<float>(set, new() { WeightDecay = double.PositiveInfinity }));
    }

    [Fact]
    public void A_set_without_parameters_steps()
    {
        var set = new ParameterSet<float>([]);
        foreach (var make in Makers<float>()) make(set).Step(set, default, 0.1, 1, ThreadTeam.Inline);
        Assert.Equal(0, new GradientNorm<float>().Of(default, ThreadTeam.Inline));
    }

    private static Func<ParameterSet<T>, IOptimizer<T>>[] Makers<T>()
        where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
        [set => new AdamW<T>(set, new() { WeightDecay = 0.5 }), set => new MomentumSgd<T>(set, new() { WeightDecay = 0.5 })];

    private static void Steps(IOptimizer<float> optimizer, ParameterSet<float> set, int first, int count)
    {
        for (var step = first; step < first + count; step++) optimizer.Step(set, Gradient<float>(set.Length, step), 0.01, 0.7, ThreadTeam.Inline);
    }

    private static string Trained(Func<ParameterSet<float>, IOptimizer<float>> make, ThreadTeam team)
    {
        var set = Filled<float>(Large);
        Train(make(set), set, team);
        return set.Sha256();
    }

    private static void Train(IOptimizer<float> optimizer, ParameterSet<float> set, ThreadTeam team)
    {
        var norm = new GradientNorm<float>();
        var schedule = LearningRateSchedule.Cosine(0.01, 5, 1);
        for (var step = 0; step < 4; step++)
        {
            var gradient = Gradient<float>(set.Length, step);
            var scale = GradientClipping.Scale(norm.Of(gradient, team), 10);
            Assert.InRange(scale, 0.001, 0.999);
            optimizer.Step(set, gradient, schedule.At(step), scale, team);
        }
    }

    private static void FollowsAdamW<T>(double tolerance)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        const double Beta1 = 0.8, Beta2 = 0.95, Epsilon = 1e-2, Decay = 0.3;
        var set = Filled<T>(Small);
        var p = Array.ConvertAll(set.Values.ToArray(), x => double.CreateTruncating(x));
        double[] m = new double[p.Length], v = new double[p.Length];
        var optimizer = new AdamW<T>(set, new() { Beta1 = Beta1, Beta2 = Beta2, Epsilon = Epsilon, WeightDecay = Decay });
        for (var t = 1; t <= 30; t++)
        {
            var gradient = Gradient<T>(p.Length, t);
            var rate = 0.1 / t;
            optimizer.Step(set, gradient, rate, 0.5, ThreadTeam.Inline);
            for (var i = 0; i < p.Length; i++)
            {
                var g = 0.5 * double.CreateTruncating(gradient[i]);
                m[i] = Beta1 * m[i] + (1 - Beta1) * g;
                v[i] = Beta2 * v[i] + (1 - Beta2) * g * g;
                double hatM = m[i] / (1 - Math.Pow(Beta1, t)), hatV = v[i] / (1 - Math.Pow(Beta2, t));
                p[i] -= rate * (hatM / (Math.Sqrt(hatV) + Epsilon) + (Decays(i) ? Decay * p[i] : 0));
                Assert.InRange(double.CreateTruncating(set.Values[i]) - p[i], -tolerance, tolerance);
            }
        }

        Assert.Equal(30, optimizer.StepCount);
    }

    private static void FollowsMomentum<T>(double tolerance)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var set = Filled<T>(Small);
        var p = Array.ConvertAll(set.Values.ToArray(), x => double.CreateTruncating(x));
        var velocity = new double[p.Length];
        var optimizer = new MomentumSgd<T>(set, new() { Momentum = 0.9, WeightDecay = 0.3 });
        for (var t = 1; t <= 30; t++)
        {
            var gradient = Gradient<T>(p.Length, t);
            var rate = 0.1 / t;
            optimizer.Step(set, gradient, rate, 0.5, ThreadTeam.Inline);
            for (var i = 0; i < p.Length; i++)
            {
                velocity[i] = 0.9 * velocity[i] + 0.5 * double.CreateTruncating(gradient[i]);
                p[i] -= rate * velocity[i] + (Decays(i) ? rate * 0.3 * p[i] : 0);
                Assert.InRange(double.CreateTruncating(set.Values[i]) - p[i], -tolerance, tolerance);
            }
        }
    }

    // Of the small set: the bias and the gain do not.
    private static bool Decays(int i) => i < 21 || i >= 27;

    private static ParameterSet<T> Filled<T>(IReadOnlyList<ParameterShape> shapes)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var set = new ParameterSet<T>(shapes);
        new Philox(5).FillNormal(set.Values, T.One);
        return set;
    }

    private static T[] Gradient<T>(int length, int step)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var gradient = new T[length];
        new Philox(6, (ulong)step).FillNormal(gradient, T.One);
        return gradient;
    }
}
