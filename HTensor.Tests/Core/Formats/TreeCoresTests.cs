using HTensor.Core;
using HTensor.Kernels;

namespace HTensor.Tests.Core.Formats;

/// <summary>Trees with a rank for each node, with every core and with those alone that are no identity.</summary>
public sealed class TreeCoresTests
{
    public static TheoryData<string, int[], int[], int[]> Trees => new()
    {
        { "(0,1)", [7, 1], [1, 5], [3, 3] },
        { "((0,1),2)", [2, 3, 2], [2, 1, 3], [4, 3, 5, 5] },
        { "((0,1),2)", [2, 3, 2], [2, 1, 3], [4, 2, 3, 3] },
        { "(((0,1),2),3)", [2, 3, 2, 2], [2, 1, 3, 2], [4, 3, 5, 6, 4, 4] },
        { "((0,3),(2,1))", [2, 3, 2, 2], [2, 1, 3, 2], [4, 4, 7, 4, 3, 7] },
        { "(0,(1,2))", [4, 3, 2], [3, 2, 2], [12, 5, 4, 12] },
    };

    [Theory]
    [MemberData(nameof(Trees))]
    public void Identities_left_out_change_nothing_but_the_count(string tree, int[] inputs, int[] outputs, int[] ranks)
    {
        var modes = new MatrixModes(inputs, outputs);
        var stored = new HierarchicalTuckerFormat(ranks, tree, IdentityFrames.Stored).Describe(modes);
        var least = new HierarchicalTuckerFormat(ranks, tree, IdentityFrames.LeftOut).Describe(modes);
        Assert.Equal(DimensionTree.Parse(tree, inputs.Length).Nodes().Count, stored.Cores.Count);
        Assert.True(least.ParameterCount < stored.ParameterCount);
        var random = new Random(3);
        var values = least.Cores.Select((core, i) => (core.Name, Value: Enumerable.Range(0, (int)least.CoreLength(i)).Select(_ => random.NextDouble() - 0.5).ToArray())).ToDictionary(pair => pair.Name, pair => pair.Value);
        var expected = Rebuilt(least, [.. least.Cores.Select(core => values[core.Name])]);
        var found = Rebuilt(stored, [.. stored.Cores.Select((core, i) => values.GetValueOrDefault(core.Name) ?? Identity(stored.CoreShape(i)))]);
        for (var i = 0; i < expected.Length; i++) Assert.Equal(expected[i], found[i], 1e-13);
    }

    [Fact]
    public void Low_rank_tensor_train_and_dense_matrix_are_trees()
    {
        Assert.Equal(3 * (7 + 5), Least("(0,1)", [7, 1], [1, 5], 3, 3));
        var train = new TensorTrainFormat(3, 4).Describe(new MatrixModes([2, 3, 2], [2, 1, 3])).ParameterCount;
        Assert.Equal(train, Least("((0,1),2)", [2, 3, 2], [2, 1, 3], 3, 3, 4, 4));
        Assert.Equal(6 * 8, Least("(0,1)", [3, 2], [2, 4], 6, 6));

        static long Least(string tree, int[] inputs, int[] outputs, params int[] ranks) =>
            new HierarchicalTuckerFormat(ranks, tree, IdentityFrames.LeftOut).Describe(new MatrixModes(inputs, outputs)).ParameterCount;
    }

    /// <summary>Nodes that are all identities leave one core, the matrix itself in its own order of modes.</summary>
    [Fact]
    public void Full_ranks_are_the_matrix()
    {
        var network = new HierarchicalTuckerFormat([4, 4, 16, 6, 3, 16], "((0,3),(2,1))", IdentityFrames.LeftOut).Describe(new MatrixModes([2, 3, 2, 2], [2, 1, 3, 2]));
        double[] values = [.. Enumerable.Range(0, 24 * 12).Select(i => (double)i)];
        Assert.Equal(values, Rebuilt(network, [values]));
    }

    [Theory]
    [InlineData("hierarchical Tucker: expected 4 ranks, one for each node of ((0,1),2) but the root, found 3", 2, 2, 2)]
    [InlineData("hierarchical Tucker, inner rank of node {0,1}: expected a rank of 1 to 4, found 5", 2, 2, 5, 5)]
    [InlineData("hierarchical Tucker, leaf rank of node {2}: expected a rank of 1 to 4, found 0", 2, 2, 3, 0)]
    public void Ranks_that_do_not_fit_are_refused(string expected, params int[] ranks)
    {
        var refused = Assert.Throws<ArgumentException>(() => new HierarchicalTuckerFormat(ranks, "balanced", IdentityFrames.LeftOut).Describe(new MatrixModes([2, 2, 2], [2, 2, 2])));
        Assert.Equal(expected, refused.Message);
    }

    private static double[] Rebuilt(MatrixNetwork network, double[][] cores)
    {
        var executor = new ContractionExecutor<double>(ContractionPlanner.Plan(network.Matrix, PlanObjective.MultiplyAdds));
        for (var core = 0; core < cores.Length; core++) executor.Bind(core, cores[core], default);
        executor.Forward(ThreadTeam.Inline);
        return executor.Value(executor.ResultNode).ToArray();
    }

    /// <summary>As a matrix of the last mode against all others.</summary>
    private static double[] Identity(IReadOnlyList<int> shape)
    {
        var identity = new double[shape.Aggregate(1, (product, size) => product * size)];
        for (var i = 0; i < shape[^1]; i++) identity[i * shape[^1] + i] = 1;
        return identity;
    }
}
