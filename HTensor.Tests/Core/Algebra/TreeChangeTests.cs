using FsCheck.Xunit;
using HTensor.Core;
using HTensor.Kernels;

namespace HTensor.Tests.Core.Algebra;

/// <summary>Other trees, other roots, other forms: no entry changes.</summary>
public sealed class TreeChangeTests
{
    [Property(MaxTest = 150)]
    public void Another_tree_keeps_every_entry_and_needs_no_more_than_its_ranks(uint seed)
    {
        var random = new Philox(seed);
        int[] sizes = [.. Enumerable.Range(0, 1 + random.NextInt32(6)).Select(_ => 1 + random.NextInt32(3))];
        var x = HtForm<double>.Random(sizes, random);
        var tree = HtForm<double>.RandomTree(sizes.Length, random);
        var y = HierarchicalTucker.ChangeTree(x, tree);
        Same(x, y);
        Assert.Equal(tree.ToString(), y.Tree.ToString());
        Assert.Equal(Truncated(y).Ranks, Truncated(HierarchicalTucker.ChangeTree(y, tree)).Ranks);
        var back = HierarchicalTucker.ChangeTree(y, x.Tree);
        Same(x, back);
        Assert.All(back.Ranks.Zip(x.Ranks), pair => Assert.True(pair.First <= pair.Second, $"{pair}"));
    }

    [Property(MaxTest = 100)]
    public void Another_root_keeps_entries_and_ranks(uint seed)
    {
        var random = new Philox(seed);
        int[] sizes = [.. Enumerable.Range(0, 2 + random.NextInt32(5)).Select(_ => 2 + random.NextInt32(2))];
        var x = HierarchicalTucker.Orthogonalize(HtForm<double>.Random(sizes, random));
        var nodes = x.Tree.Nodes().ToArray();
        var modes = nodes[random.NextInt32(nodes.Length - 1)].Modes;
        if (random.NextInt32(2) == 0 && modes.Count < sizes.Length) modes = [.. Enumerable.Range(0, sizes.Length).Except(modes)];
        var y = HierarchicalTucker.ChangeRoot(x, modes);
        Same(x, y);
        Assert.Contains(y.Tree.Left!.Modes.Count, new[] { modes.Count, sizes.Length - modes.Count });
        Assert.All(y.Ranks, rank => Assert.True(rank <= x.Ranks.Max()));
    }

    [Property(MaxTest = 150)]
    public void Forms_become_each_other(uint seed)
    {
        var random = new Philox(seed);
        int[] sizes = [.. Enumerable.Range(0, 1 + random.NextInt32(5)).Select(_ => 1 + random.NextInt32(4))];
        var tree = HtForm<double>.RandomTree(sizes.Length, random);
        var x = HtForm<double>.Random(sizes, random);
        var train = TensorTrain.FromHierarchicalTucker(x);
        Near(HtForm<double>.Expected(x, v => v), TtForm<double>.Expected(train, v => v));
        Near(TtForm<double>.Expected(train, v => v), HtForm<double>.Expected(HierarchicalTucker.FromTensorTrain(train, tree), v => v));
        var tucker = HierarchicalTucker.ToTucker(x);
        Near(HtForm<double>.Expected(x, v => v), Dense(HierarchicalTucker.ToDense(tucker)));
        Near(HtForm<double>.Expected(x, v => v), HtForm<double>.Expected(HierarchicalTucker.FromTucker(tucker, tree), v => v));
        Near(HtForm<double>.Expected(x, v => v), TtForm<double>.Expected(TensorTrain.FromTucker(tucker), v => v));
        Near(HtForm<double>.Expected(x, v => v), Dense(HierarchicalTucker.ToDense(TensorTrain.ToTucker(train))));
        var sum = new CanonicalPolyadic<double>(sizes, Normal(3, random), [.. sizes.Select(size => Normal(size * 3, random))]);
        var expected = DenseTensor.From(sizes, i => Enumerable.Range(0, 3).Sum(r => i.Select((at, k) => sum.Factor(k).Span[at * 3 + r]).Aggregate(sum.Weights.Span[r], (product, f) => product * f)));
        Near(expected, HtForm<double>.Expected(HierarchicalTucker.FromCanonicalPolyadic(sum, tree), v => v));
        Near(expected, TtForm<double>.Expected(TensorTrain.FromCanonicalPolyadic(sum), v => v));
        Near(expected, Dense(HierarchicalTucker.ToDense(sum)));
        Near(HtForm<double>.Expected(x, v => v), Dense(HierarchicalTucker.ToDense(HierarchicalTucker.ToCanonicalPolyadic(x))));
        Near(HtForm<double>.Expected(x, v => v), Dense(HierarchicalTucker.ToDense(TensorTrain.ToCanonicalPolyadic(train))));
        Near(expected, Dense(HierarchicalTucker.ToDense(HierarchicalTucker.ToCanonicalPolyadic(HierarchicalTucker.ToTucker(HierarchicalTucker.FromCanonicalPolyadic(sum))))));
    }

    /// <summary>A sum of 24 products has rank 24 in any tree: what rounding makes of zeros on the way is dropped.</summary>
    [Theory]
    [InlineData(4, 16, "(3,((2,1),0))")]
    [InlineData(4, 24, "(2,(0,(3,1)))")]
    [InlineData(6, 16, "((4,3),((2,0),(5,1)))")]
    public void Other_trees_have_the_ranks_of_a_sum_of_products(int order, int rank, string tree)
    {
        var random = new Philox((ulong)rank);
        int[] sizes = [.. Enumerable.Repeat(32, order)];
        var sum = new CanonicalPolyadic<double>(sizes, [.. Enumerable.Range(0, rank).Select(k => Math.Pow(0.7, k))], [.. sizes.Select(size => Normal(size * rank, random))]);
        var x = HierarchicalTucker.FromCanonicalPolyadic(sum);
        var y = HierarchicalTucker.ChangeTree(x, DimensionTree.Parse(tree, order));
        Assert.All(y.Ranks.SkipLast(1), found => Assert.Equal(rank, found));
        var back = HierarchicalTucker.ChangeTree(y, x.Tree);
        Assert.All(back.Ranks.SkipLast(1), found => Assert.Equal(rank, found));
        Assert.True(HierarchicalTucker.NormOfDifference(x, back) < 1e-13 * HierarchicalTucker.Norm(x));
    }

    /// <summary>2^400 is far beyond a float: each mode's core takes its part, so that no frame of a subtree leaves the range.</summary>
    [Theory]
    [InlineData("balanced")]
    [InlineData("linear")]
    public void Order_400_in_floats_changes_its_tree(string tree)
    {
        var random = new Philox(3);
        foreach (var to in new[] { DimensionTree.Parse(tree, 400), HtForm<float>.RandomTree(400, random) })
        {
            var sine = SumFunctions.Sine(400, 4, 0.3);
            var x = HierarchicalTucker.FromTensorTrain(new TensorTrain<float>(sine.ModeSizes, sine.Ranks, [.. Enumerable.Range(0, 400).Select(k => sine.Core(k).ToArray().Select(v => (float)v).ToArray())]), to);
            Assert.All(x.Ranks.SkipLast(1), rank => Assert.InRange(rank, 1, to.ToString() == DimensionTree.Linear(400).ToString() ? 4 : 2));
            foreach (var last in new[] { 0, 3 }) Assert.Equal(Math.Sin(0.3 * last * 200), HierarchicalTucker.Entry(x, [.. Enumerable.Range(0, 400).Select(k => k % 2 * last)]), 1e-2f);
        }
    }

    /// <summary>Hierarchical Tucker on the linear tree is a train: the same ranks at the same unfoldings.</summary>
    [Fact]
    public void On_the_linear_tree_it_is_a_train()
    {
        var x = HtForm<double>.OnTree(DimensionTree.Linear(5), [3, 4, 2, 3, 4], new Philox(5));
        var train = TensorTrain.FromHierarchicalTucker(x);
        Assert.Equal([1, x.Ranks[0], x.Ranks[2], x.Ranks[4], x.Ranks[6], 1], train.Ranks);
    }

    [Property(MaxTest = 100)]
    public void A_train_with_its_modes_permuted_and_back_is_the_train(uint seed)
    {
        var random = new Philox(seed);
        int[] sizes = [.. Enumerable.Range(0, 1 + random.NextInt32(5)).Select(_ => 1 + random.NextInt32(3))];
        var x = TtForm<double>.Random(sizes, random);
        int[] order = [.. Enumerable.Range(0, sizes.Length).OrderBy(_ => random.NextInt32(1000))], back = new int[order.Length];
        for (var k = 0; k < order.Length; k++) back[order[k]] = k;
        var permuted = TensorTrain.Permute(x, order);
        var expected = TtForm<double>.Expected(x, v => v);
        Near(DenseTensor.From([.. order.Select(mode => sizes[mode])], i => expected[[.. back.Select(k => i[k])]]), TtForm<double>.Expected(permuted, v => v));
        Near(expected, TtForm<double>.Expected(TensorTrain.Permute(permuted, back), v => v));
    }

    [Property(MaxTest = 150)]
    public void Tensors_are_contracted_over_any_modes(uint seed)
    {
        var random = new Philox(seed);
        int[] sizesX = [.. Enumerable.Range(0, 1 + random.NextInt32(4)).Select(_ => 1 + random.NextInt32(3))], sizesY = [.. Enumerable.Range(0, 1 + random.NextInt32(4)).Select(_ => 1 + random.NextInt32(3))];
        var pairs = random.NextInt32(1 + Math.Min(sizesX.Length, sizesY.Length));
        if (pairs == sizesX.Length && pairs == sizesY.Length) pairs--;
        int[] modesX = [.. Shuffled(sizesX.Length).Take(pairs)], modesY = [.. Shuffled(sizesY.Length).Take(pairs)];
        for (var k = 0; k < pairs; k++) sizesY[modesY[k]] = sizesX[modesX[k]];
        HierarchicalTucker<double> x = HtForm<double>.Random(sizesX, random), y = HtForm<double>.Random(sizesY, random);
        var (a, b) = (HtForm<double>.Expected(x, v => v), HtForm<double>.Expected(y, v => v));
        int[] keptX = [.. Enumerable.Range(0, sizesX.Length).Except(modesX)], keptY = [.. Enumerable.Range(0, sizesY.Length).Except(modesY)];
        var expected = DenseTensor.From([.. keptX.Select(mode => sizesX[mode]), .. keptY.Select(mode => sizesY[mode])], to =>
            a.Values.Select((value, at) =>
            {
                var i = DenseTensor.Index(at, sizesX);
                if (keptX.Where((mode, k) => i[mode] != to[k]).Any()) return 0;
                var j = new int[sizesY.Length];
                for (var k = 0; k < pairs; k++) j[modesY[k]] = i[modesX[k]];
                for (var k = 0; k < keptY.Length; k++) j[keptY[k]] = to[keptX.Length + k];
                return value * b[j];
            }).Sum());
        Near(expected, HtForm<double>.Expected(HierarchicalTucker.Contract(x, modesX, y, modesY), v => v));
        Near(expected, TtForm<double>.Expected(TensorTrain.Contract(TensorTrain.FromHierarchicalTucker(x), modesX, TensorTrain.FromHierarchicalTucker(y), modesY), v => v));

        int[] Shuffled(int count) => [.. Enumerable.Range(0, count).OrderBy(_ => random.NextInt32(1000))];
    }

    [Fact]
    public void Roots_trees_and_modes_that_do_not_fit_are_refused()
    {
        var x = HtForm<double>.OnTree(DimensionTree.Balanced(4), [2, 3, 4, 5], new Philox(5));
        Refused(() => HierarchicalTucker.ChangeRoot(x, 0, 2), "change of root: expected modes that a node of ((0,1),(2,3)) holds or leaves, found [0, 2]");
        Refused(() => HierarchicalTucker.ChangeTree(x, DimensionTree.Balanced(3)), "change of tree: modes: expected 4, found 3");
        Refused(() => HierarchicalTucker.Contract(x, [0, 1], x, [0]), "contraction: modes of the second tensor: expected 2, found 1");
        Refused(() => HierarchicalTucker.Contract(x, [0], x, [1]), "contraction: expected modes of one size, found 2 in mode 0 and 3 in mode 1");
        Refused(() => HierarchicalTucker.Contract(x, [0, 1, 2, 3], x, [0, 1, 2, 3]), "contraction: expected at least one mode to stay");
        Refused(() => new HierarchicalTuckerOperator<double>([2, 1, 2, 5], [1, 3, 3, 1], x), "operator: mode 2: expected a size of 2 x 3, found 4");
        var map = new HierarchicalTuckerOperator<double>([2, 1, 2, 5], [1, 3, 2, 1], x);
        Refused(() => HierarchicalTucker.Apply(map, x), "apply: expected mode sizes [1, 3, 2, 1], found [2, 3, 4, 5]");
        Refused(() => HierarchicalTucker.Compose(map, map), "compose: expected mode sizes [1, 3, 2, 1], found [2, 1, 2, 5]");
        Refused(() => new Tucker<double>([2, 3], [1, 2], new double[3], [new double[2], new double[6]]), "Tucker, core [1, 2]: expected 2 numbers, found 3");
        Refused(() => new CanonicalPolyadic<double>([2, 3], new double[2], [new double[4], new double[5]]), "CP, factor 1 [3, 2]: expected 6 numbers, found 5");

        static void Refused(Func<object> action, string message) => Assert.Contains(message, Assert.ThrowsAny<ArgumentException>(action).Message, StringComparison.Ordinal);
    }

    private static HierarchicalTucker<double> Truncated(HierarchicalTucker<double> x) => HierarchicalTucker.Truncate(x, Truncation.Exact).Tensor;

    private static void Same(HierarchicalTucker<double> x, HierarchicalTucker<double> y) => Near(HtForm<double>.Expected(x, v => v), HtForm<double>.Expected(y, v => v));

    private static DenseTensor Dense(System.Numerics.Tensors.Tensor<double> tensor) => new([.. tensor.Lengths.ToArray().Select(length => (int)length)], [.. tensor]);

    private static void Near(DenseTensor expected, DenseTensor found)
    {
        Assert.Equal(expected.Sizes, found.Sizes);
        var tolerance = 1e-12 * Math.Max(1, expected.Norm);
        for (var i = 0; i < expected.Values.Length; i++) Assert.Equal(expected.Values[i], found.Values[i], tolerance);
    }

    private static double[] Normal(int length, Philox random)
    {
        var values = new double[length];
        random.FillNormal<double>(values, 1);
        return values;
    }
}
