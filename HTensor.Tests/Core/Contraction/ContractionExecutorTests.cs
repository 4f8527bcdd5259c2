using HTensor.Core;
using HTensor.Kernels;

namespace HTensor.Tests.Core.Contraction;

/// <summary>Plans over plain arrays against term-by-term sums, forward and adjoint.</summary>
public sealed class ContractionExecutorTests
{
    public static TheoryData<string, string> Networks => new()
    {
        { "a matrix product", "ik kj -> ij" },
        { "an outer product", "i j -> ji" },
        { "a batch", "bik bkj -> ibj" },
        { "elements", "ij ji -> ij" },
        { "a scalar", "ij ij -> " },
        { "a bond of three", "ip jp kp -> ijk" },
        { "a bond of four that stays", "ipa jpa kpb lpb -> pijkl" },
        { "two bonds of three, crossed", "ipq jp kpq lq -> lkij" },
        { "a ring", "aib bjc cka -> kji" },
        { "a tree", "iu jv uvx kw lz wzy xy -> lijk" },
        { "modes that only one has", "ijk k lk -> jli" },
        { "one operand", "ij -> ij" },
    };

    [Theory]
    [MemberData(nameof(Networks))]
    public void Every_order_is_the_sum_over_all_indices(string name, string einsum)
    {
        var network = Parse(einsum);
        var random = new Philox(17);
        for (var round = 0; round < 12; round++)
        {
            var plan = round == 0 ? ContractionPlanner.Plan(network, PlanObjective.MultiplyAdds) : AnyOrderTests.RandomPlan(network, random);
            Check<double>(name, plan, (ulong)round);
            Check<float>(name, plan, (ulong)round);
        }
    }

    [Fact]
    public void An_order_by_greedy_search_is_the_sum_over_all_indices()
    {
        // More operands than the exact search takes: a train of 16 matrices.
        var letters = "abcdefghijklmnopq";
        var network = Parse($"{string.Join(' ', Enumerable.Range(0, 16).Select(k => letters.Substring(k, 2)))} -> aq", 2);
        Assert.True(network.Operands.Count > ContractionPlanner.ExactLimit);
        Check<double>("a long train", ContractionPlanner.Plan(network, PlanObjective.Time), 1);
    }

    [Fact]
    public void Operands_without_a_gradient_are_left_out_and_a_second_backward_overwrites()
    {
        var executor = new ContractionExecutor<double>(ContractionPlanner.Plan(Parse("ik kj -> ij"), PlanObjective.MultiplyAdds));
        double[] a = [.. Enumerable.Range(1, 6)], b = [.. Enumerable.Range(2, 12)], da = new double[6];
        executor.Bind(0, a, da);
        executor.Bind(1, b, default);
        executor.Forward(ThreadTeam.Inline);
        executor.Gradient(executor.ResultNode).Fill(1);
        executor.Backward(ThreadTeam.Inline);
        var once = da.ToArray();
        executor.Backward(ThreadTeam.Inline);
        Assert.Equal(once, da);
        Assert.Equal([14, 30, 46, 14, 30, 46], da);
    }

    [Fact]
    public void What_does_not_fit_is_refused_and_named()
    {
        var executor = new ContractionExecutor<float>(ContractionPlanner.Plan(Parse("ik kj -> ij"), PlanObjective.MultiplyAdds));
        foreach (var operand in new[] { -1, 2 })
            Assert.Contains($"expected an operand of 0 to 1, found {operand}", Assert.Throws<ArgumentOutOfRangeException>(() => executor.Bind(operand, new float[6], default)).Message, StringComparison.Ordinal);
        Assert.Contains("operand 1: expected 12 elements of value, found 11", Assert.Throws<ArgumentException>(() => executor.Bind(1, new float[11], default)).Message, StringComparison.Ordinal);
        Assert.Contains("operand 0: expected 6 elements of gradient, found 7", Assert.Throws<ArgumentException>(() => executor.Bind(0, new float[6], new float[7])).Message, StringComparison.Ordinal);
        var transposed = ContractionPlanner.Plan(Parse("ij -> ji"), PlanObjective.MultiplyAdds);
        Assert.Contains("expected the result [i,j]", Assert.Throws<ArgumentException>(() => new ContractionExecutor<float>(transposed)).Message, StringComparison.Ordinal);
    }

    /// <summary>One letter a mode; sizes 2, 3, 4 in turn in the order in which the letters come.</summary>
    private static TensorNetwork Parse(string einsum, int? size = null)
    {
        var sides = einsum.Split("->", StringSplitOptions.TrimEntries);
        var operands = sides[0].Split(' ').Select((modes, i) => new NetworkOperand($"T{i}", Labels(modes))).ToArray();
        var sizes = operands.SelectMany(operand => operand.Modes).Distinct().Select((label, i) => (label, size: size ?? 2 + i % 3)).ToDictionary(pair => pair.label, pair => pair.size);
        return new TensorNetwork(operands, Labels(sides[1]), sizes);
        static string[] Labels(string modes) => [.. modes.Select(letter => letter.ToString())];
    }

    private static void Check<T>(string name, ContractionPlan plan, ulong seed)
        where T : unmanaged, System.Numerics.IBinaryFloatingPointIeee754<T>
    {
        var network = plan.Network;
        var random = new Philox(seed);
        var executor = new ContractionExecutor<T>(plan);
        T[][] values = [.. Enumerable.Range(0, network.Operands.Count).Select(o => Normal((int)network.Volume(network.OperandModes(o))))];
        T[][] gradients = [.. values.Select(value => value.Select(_ => T.NaN).ToArray())];
        var resultGradient = Normal((int)network.Volume(network.ResultModes));
        for (var o = 0; o < values.Length; o++) executor.Bind(o, values[o], gradients[o]);
        executor.Forward(ThreadTeam.Inline);
        var result = Doubles(executor.Value(executor.ResultNode).ToArray());
        resultGradient.CopyTo(executor.Gradient(executor.ResultNode));
        executor.Backward(ThreadTeam.Inline);

        double[][] exact = [.. values.Select(Doubles)], size = [.. exact.Select(value => value.Select(Math.Abs).ToArray())];
        var terms = plan.Steps.Select(LongestSum).DefaultIfEmpty(0).Sum();
        Tolerance.AssertNear<T>(Einsum.Contract(network, exact), Einsum.Contract(network, size), result, terms, $"{name}: {network}");
        var expected = Einsum.Gradients(network, exact, Doubles(resultGradient));
        var magnitude = Einsum.Gradients(network, size, [.. Doubles(resultGradient).Select(Math.Abs)]);
        for (var o = 0; o < values.Length; o++)
            Tolerance.AssertNear<T>(expected[o], magnitude[o], Doubles(gradients[o]), terms, $"{name}: {network}: gradient of {network.Operands[o].Name}");

        // Roundings on the way of one product, forward or backward.
        double LongestSum(ContractionStep step) =>
            step.MultiplyAdds / Math.Min(step.ResultElements, Math.Min(network.Volume(plan.NodeModes(step.Left)), network.Volume(plan.NodeModes(step.Right))));

        T[] Normal(int length)
        {
            var array = new T[length];
            random.FillNormal<T>(array, T.One);
            return array;
        }

        static double[] Doubles(T[] array) => [.. array.Select(value => double.CreateTruncating(value))];
    }
}
