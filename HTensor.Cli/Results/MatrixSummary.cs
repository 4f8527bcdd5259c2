using System.Text.Json;
using HTensor.Core;
using HTensor.Rnn;
using Spectre.Console;

namespace HTensor.Cli;

/// <summary>A weight matrix as <c>inspect</c> shows it: its ranks, its dimension tree where it has one, every core.</summary>
internal sealed class MatrixSummary(LayerMatrix matrix)
{
    private readonly MatrixNetwork _network = matrix.Layout.Network;
    private readonly IReadOnlyList<(DimensionTree Node, int Rank)> _nodes =
        ((matrix.Format as OwnModesFormat)?.Format ?? matrix.Format) is HierarchicalTuckerFormat tree ? tree.RanksOver(matrix.Layout.Network.Modes.Inputs.Count) : [];

    public MatrixModes Modes => _network.Modes;

    private DimensionTree? Root => _nodes.Count == 0 ? null : _nodes[^1].Node;

    private int Padding => _network.Modes.Rows - matrix.Layout.Inputs;

    /// <summary>An object of its own.</summary>
    public void WriteTo(Utf8JsonWriter writer)
    {
        writer.WriteStartObject();
        writer.WriteString("name", matrix.Name);
        writer.WriteString("format", matrix.Format.Name);
        writer.WriteNumber("parameters", _network.ParameterCount);
        writer.WriteNumber("denseParameters", (long)matrix.Layout.Inputs * _network.Modes.Columns);
        writer.WriteList("inputModes", Modes.Inputs);
        writer.WriteList("outputModes", Modes.Outputs);
        writer.WriteNumber("padding", Padding);
        WriteRanks(writer);
        WriteTree(writer);
        WriteCores(writer);
        writer.WriteEndObject();
    }

    /// <summary>Of a tree leaf frames by mode and inner nodes by their modes; of any other format each bond.</summary>
    public void WriteRanks(Utf8JsonWriter writer)
    {
        writer.WriteStartObject("ranks");
        if (Root is not null)
        {
            writer.WriteList("leaf", _nodes.Where(pair => pair.Node.IsLeaf).OrderBy(pair => pair.Node.Modes[0]).Select(pair => pair.Rank));
            writer.WriteStartObject("inner");
            foreach (var (node, rank) in _nodes.SkipLast(1).Where(pair => !pair.Node.IsLeaf)) writer.WriteNumber(node.Key, rank);
            writer.WriteEndObject();
        }
        else
        {
            foreach (var (bond, rank) in _network.Bonds) writer.WriteNumber(bond, rank);
        }

        writer.WriteEndObject();
    }

    public void WriteTree(Utf8JsonWriter writer) => writer.WriteString("tree", Root?.ToString());

    public void WriteCores(Utf8JsonWriter writer) =>
        TensorListing.Write(writer, "cores", Enumerable.Range(0, _network.Cores.Count).Select(core => new TensorRow(_network.Cores[core].Name, "F32", _network.CoreShape(core))));

    public NamedValue Figure() => new(matrix.Name, $"{matrix.Format.Name}, {matrix.Format.Settings}, {Words.Count(_network.ParameterCount)} numbers{(Padding > 0 ? $", {Words.Count(Padding)} rows of padding" : "")}");

    public void PrintTree(IAnsiConsole console)
    {
        if (Root is not { } root) return;
        var tree = new Tree(ResultTables.Cell(Label(root)));
        foreach (var child in (DimensionTree?[])[root.Left, root.Right]) Add(tree, child);
        console.Write(tree);

        void Add(IHasTreeNodes parent, DimensionTree? node)
        {
            if (node is null) return;
            var added = parent.AddNode(ResultTables.Cell(Label(node)));
            Add(added, node.Left);
            Add(added, node.Right);
        }
    }

    private string Label(DimensionTree node)
    {
        var modes = node.IsLeaf ? $" n {Modes.Inputs[node.Modes[0]]}, m {Modes.Outputs[node.Modes[0]]}," : "";
        var rank = _nodes.First(pair => pair.Node == node).Rank;
        var core = Enumerable.Range(0, _network.Cores.Count).Where(core => _network.Cores[core].Name == $"{(node.IsLeaf ? "U" : "B")}{node.Key}")
            .Select(core => $"{_network.Cores[core].Name} [{string.Join(", ", _network.CoreShape(core))}]").FirstOrDefault(node == Root ? "in a child's core" : "identity");
        return $"{{{node.Key}}}{modes} rank {rank}, {core}";
    }
}
