using HTensor.Core;

namespace HTensor.Tests.Core.Formats;

public sealed class DimensionTreeTests
{
    [Theory]
    [InlineData("balanced", 1, "0")]
    [InlineData("balanced", 5, "(((0,1),2),(3,4))")]
    [InlineData("linear", 4, "(((0,1),2),3)")]
    [InlineData("((2,0),(1,3))", 4, "((2,0),(1,3))")]
    public void A_tree_is_printed_as_it_is_parsed(string text, int order, string printed)
    {
        var tree = DimensionTree.Parse(text, order);
        Assert.Equal(printed, tree.ToString());
        Assert.Equal(printed, DimensionTree.Parse(tree.ToString(), order).ToString());
    }

    [Fact]
    public void Nodes_stand_children_first_left_before_right() =>
        Assert.Equal(["2", "0", "2,0", "1", "2,0,1"], DimensionTree.Parse("((2,0),1)", 3).Nodes().Select(node => node.Key));

    [Theory]
    [InlineData("balanced")]
    [InlineData("linear")]
    public void Order_400_is_walked_and_parsed(string text)
    {
        var tree = DimensionTree.Parse(text, 400);
        var nodes = tree.Nodes();
        Assert.Equal(799, nodes.Count);
        Assert.Same(tree, nodes[^1]);
        var layout = new TreeLayout(DimensionTree.Parse(tree.ToString(), 400));
        for (var node = 0; node < layout.Root; node++) Assert.True(layout.Parent[node] > node);
    }

    [Theory]
    [InlineData("((0,1),0)", "mode 0 2 times")]
    [InlineData("(0,1)", "mode 2 0 times")]
    [InlineData("((0,1),(2,3))", "found mode 3")]
    [InlineData("((0,1),2", "found the end")]
    [InlineData("((0,1),2))", "expected its end at character 10")]
    [InlineData("", "found the end")]
    public void A_tree_of_other_modes_is_refused(string text, string message) =>
        Assert.Contains(message, Assert.Throws<FormatException>(() => DimensionTree.Parse(text, 3)).Message, StringComparison.Ordinal);

    [Fact]
    public void A_tensor_in_a_tree_that_names_a_mode_twice_is_refused()
    {
        var tree = DimensionTree.Node(DimensionTree.Leaf(0), DimensionTree.Leaf(0));
        var thrown = Assert.Throws<ArgumentException>(() => new HierarchicalTucker<double>(tree, [2, 2], [1, 1, 1], [[1, 0], [1, 0], [1]]));
        Assert.Contains("found mode 0 twice", thrown.Message, StringComparison.Ordinal);
        tree = DimensionTree.Node(DimensionTree.Leaf(0), DimensionTree.Leaf(2));
        thrown = Assert.Throws<ArgumentException>(() => new HierarchicalTucker<double>(tree, [2, 2], [1, 1, 1], [[1, 0], [1, 0], [1]]));
        Assert.Contains("expected modes 0 to 1, found mode 2", thrown.Message, StringComparison.Ordinal);
    }
}
