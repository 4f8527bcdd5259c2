using HTensor.Autodiff;
using HTensor.Core;
using HTensor.Kernels;
using HTensor.Tests.Core.Algebra;

namespace HTensor.Tests.Autodiff;

/// <summary>Verbs recorded on a tape: the values of the algebra's own, gradients to the cores, finite where singular values vanish or coincide.</summary>
public sealed class TapeTensorTests
{
    private static readonly int[] Sizes = [3, 2, 4, 3, 2];

    public static TheoryData<string> Verbs => ["dense", "inner", "norm", "add", "subtract", "scale", "multiply", "orthogonalize", "truncate"];

    [Theory]
    [MemberData(nameof(Verbs))]
    public void Has_the_values_of_the_algebra_and_gradients_of_central_differences(string verb)
    {
        var (x, y) = Pair();
        var tape = new Tape<double>(new ParameterSet<double>([]));
        TapeTensor<double> a = TapeTensor<double>.Input(tape, "x", x), b = TapeTensor<double>.Input(tape, "y", y);
        var (result, expected) = verb switch
        {
            "dense" => (a.ToDense(), HierarchicalTucker.ToArray(x)),
            "inner" => (a.Inner(b), [HierarchicalTucker.Inner(x, y)]),
            "norm" => (a.Norm(), [HierarchicalTucker.Norm(x)]),
            "add" => (a.Add(b).ToDense(), HierarchicalTucker.ToArray(HierarchicalTucker.Add(x, y))),
            "subtract" => (a.Subtract(b).ToDense(), HierarchicalTucker.ToArray(HierarchicalTucker.Subtract(x, y))),
            "scale" => (a.Scale(-1.5).ToDense(), HierarchicalTucker.ToArray(HierarchicalTucker.Scale(x, -1.5))),
            "multiply" => (a.Multiply(b).ToDense(), HierarchicalTucker.ToArray(HierarchicalTucker.Multiply(x, y))),
            "orthogonalize" => (a.Orthogonalize().ToDense(), HierarchicalTucker.ToArray(x)),
            _ => (a.Truncate(2).ToDense(), HierarchicalTucker.ToArray(HierarchicalTucker.Truncate(x, Truncation.MaximalRank(2)).Tensor)),
        };
        var loss = Sum(tape, result);
        tape.Forward(ThreadTeam.Inline);
        Assert.Equal(expected.Length, result.Length);
        for (var i = 0; i < expected.Length; i++) Assert.Equal(expected[i], result.Value.Span[i], 1e-10 * expected.Max(Math.Abs));
        var used = verb is "inner" or "add" or "subtract" or "multiply" ? a.Cores.Count + b.Cores.Count : a.Cores.Count;
        var comparisons = GradientCheck.Run(tape, loss).Where(comparison => comparison.Numeric != 0 || comparison.Analytic != 0).ToArray();
        Assert.Equal(used, comparisons.Length);
        Assert.All(comparisons, comparison => Assert.True(comparison.RelativeError < 1e-6, $"{verb}: {comparison}"));
    }

    /// <summary>Twice a tensor has half its ranks: every frame's triangle is singular, every other singular value 0.</summary>
    [Fact]
    public void Gradients_through_vanishing_singular_values_are_those_of_the_tensor()
    {
        var (x, _) = Pair();
        var tape = new Tape<double>(new ParameterSet<double>([]));
        var a = TapeTensor<double>.Input(tape, "x", x);
        var twice = Sum(tape, a.Add(a).Truncate(3).ToDense());
        tape.Forward(ThreadTeam.Inline);
        tape.Backward(twice, ThreadTeam.Inline);
        double[][] through = [.. a.Cores.Select(core => core.Gradient.ToArray())];
        var plain = Sum(tape, a.Scale(2).ToDense());
        tape.Forward(ThreadTeam.Inline);
        Assert.Equal(plain.Value.Span[0], twice.Value.Span[0], 1e-10);
        tape.Backward(plain, ThreadTeam.Inline);
        for (var t = 0; t < through.Length; t++)
        {
            Assert.All(through[t], number => Assert.True(double.IsFinite(number)));
            var expected = a.Cores[t].Gradient.ToArray();
            for (var i = 0; i < expected.Length; i++) Assert.Equal(expected[i], through[t][i], 1e-5 * expected.Max(Math.Abs));
        }
    }

    public static TheoryData<string, double[]> Degenerate => new()
    {
        { "repeated", [2, 0, 0, 0, 2, 0, 0, 0, 1, 0, 0, 0] },
        { "all equal", [1, 0, 0, 0, 1, 0, 0, 0, 1, 0, 0, 0] },
        { "zero", [3, 0, 0, 0, 2, 0, 0, 0, 0, 0, 0, 0] },
        { "two zeros", [3, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0] },
        { "nothing else", new double[12] },
        { "rank 1", [1, 2, 3, 2, 4, 6, 3, 6, 9, -1, -2, -3] },
    };

    [Theory]
    [MemberData(nameof(Degenerate))]
    public void Gradients_are_finite_at_repeated_and_zero_singular_values(string name, double[] values)
    {
        foreach (var make in new Func<IOperation<double>>[]
        {
            () => new SvdFactor<double>("U", SvdPart.Left, 3), () => new SvdFactor<double>("s", SvdPart.Values, 3), () => new SvdFactor<double>("V", SvdPart.Right, 3),
            () => new QrFactor<double>("Q", QrPart.Orthonormal), () => new QrFactor<double>("R", QrPart.Triangular), () => new FrobeniusNorm<double>("norm"),
        })
        {
            var tape = new Tape<double>(new ParameterSet<double>([]));
            var x = tape.Input("x", [4, 3], InputGradients.Computed);
            values.CopyTo(x.Value);
            var loss = Sum(tape, tape.Record(make(), x));
            tape.Forward(ThreadTeam.Inline);
            tape.Backward(loss, ThreadTeam.Inline);
            // Finite is not enough: nothing may be as large as the inverse of rounding.
            Assert.All(x.Gradient.ToArray(), number => Assert.True(Math.Abs(number) < 1e10, $"{name}: {number}"));
        }
    }

    /// <summary>The nearest matrix of rank 2 is a smooth function where the second value exceeds the third, though the first two are equal.</summary>
    [Fact]
    public void What_does_not_depend_on_the_choice_of_vectors_has_its_gradient_at_repeated_values()
    {
        var tape = new Tape<double>(new ParameterSet<double>([]));
        var x = tape.Input("x", [4, 3], InputGradients.Computed);
        new double[] { 2, 0, 0, 0, 2, 0, 0, 0, 1, 0, 0, 0 }.CopyTo(x.Value);
        var right = tape.Record(new SvdFactor<double>("V", SvdPart.Right, 2), x);
        var sizes = new Dictionary<string, int> { ["i"] = 4, ["j"] = 3, ["k"] = 2 };
        var product = tape.Record(new Contraction<double>("x V", new TensorNetwork([new("x", ["i", "j"]), new("V", ["k", "j"])], ["i", "k"], sizes)), x, right);
        var nearest = tape.Record(new Contraction<double>("x V V^T", new TensorNetwork([new("y", ["i", "k"]), new("V", ["k", "j"])], ["i", "j"], sizes)), product, right);
        var comparison = Assert.Single(GradientCheck.Run(tape, Sum(tape, nearest)));
        Assert.True(comparison.RelativeError < 1e-6, comparison.ToString());
    }

    [Fact]
    public void Cores_that_do_not_fit_are_refused()
    {
        var (x, _) = Pair();
        var tape = new Tape<double>(new ParameterSet<double>([]));
        var a = TapeTensor<double>.Input(tape, "x", x);
        Refused(() => new TapeTensor<double>(tape, x.Tree, [.. a.Cores.Skip(1)]), "expected 9 inputs, found 8");
        Refused(() => new TapeTensor<double>(tape, DimensionTree.Leaf(0), [a.Cores[0]]), "expected two modes or more, found one");
        Refused(() => new TapeTensor<double>(tape, DimensionTree.Balanced(5), [.. a.Cores.Reverse()]), "tensor on a tape, node {1}: expected a core of 2 indices");
        Refused(() => a.Inner(TapeTensor<double>.Input(tape, "y", HtForm<double>.OnTree(DimensionTree.Linear(5), Sizes, new Philox(1)))), "inner product: expected the same dimension tree");
        Refused(() => tape.Record(new SvdFactor<double>("U", SvdPart.Left, 4), a.Cores[0]), "U: expected a count from 1 to");
        Refused(() => tape.Record(new QrFactor<double>("Q", QrPart.Orthonormal), tape.Input("v", [3])), "Q: expected a matrix, found [3]");
        Refused(() => tape.Record(new CoreProduct<double>("product", MiddleIndex.Mode), tape.Input("f", [3, 1]), tape.Input("g", [2, 1])), "product: expected one mode size, found 3 and 2");
        Refused(() => tape.Record(new CoreSum<double>("sum", StackedIndices.Third, 1, 1), tape.Input("h", [3, 1]), tape.Input("k", [2, 1])), "sum: index 1: expected 3");

        static void Refused(Func<object> action, string message) => Assert.Contains(message, Assert.ThrowsAny<ArgumentException>(action).Message, StringComparison.Ordinal);
    }

    private static Variable<double> Sum(Tape<double> tape, Variable<double> result)
    {
        var weights = new double[result.Length];
        new Philox(10).FillNormal<double>(weights, 1);
        return tape.Record(new WeightedSum("loss", weights), result);
    }

    private static (HierarchicalTucker<double> X, HierarchicalTucker<double> Y) Pair()
    {
        var tree = DimensionTree.Balanced(Sizes.Length);
        return (OfRanks(3, new Philox(21)), OfRanks(2, new Philox(22)));

        // Ranks 3, or as many as a mode has.
        HierarchicalTucker<double> OfRanks(int rank, Philox random)
        {
            var nodes = tree.Nodes().ToArray();
            int[] ranks = [.. nodes.Select(node => node == tree ? 1 : node.IsLeaf ? Math.Min(rank, Sizes[node.Modes[0]]) : rank)];
            var cores = nodes.Select((node, t) => new double[(node.IsLeaf ? Sizes[node.Modes[0]] : ranks[Array.IndexOf(nodes, node.Left)] * ranks[Array.IndexOf(nodes, node.Right)]) * ranks[t]]).ToArray();
            foreach (var core in cores) random.FillNormal<double>(core, 0.7);
            return new HierarchicalTucker<double>(tree, Sizes, ranks, cores);
        }
    }
}
