using System.Text.Json;
using HTensor.Core;
using HTensor.Rnn;
using Spectre.Console;

namespace HTensor.Cli;

/// <summary>A matrix of a layer as <c>inspect</c> shows it: modes, ranks, the dimension tree where the format has one, every core.</summary>
internal sealed class MatrixSummary(LayerMatrix matrix)
{
    private readonly MatrixNetwork _network = matrix.Network;

    public string? TreeText => Tree?.ToString();

    public IEnumerable<TensorRow> Cores => Enumerable.Range(0, _network.Cores.Count).Select(Core);

    private DimensionTree? Tree => (matrix.Format as HierarchicalTuckerFormat)?.Tree(_network.Modes.Inputs.Count);

    public void WriteTo(Utf8JsonWriter writer)
    {
        writer.WriteStartObject();
        writer.WriteString("name", matrix.Name);
        writer.WriteString("format", matrix.Format.Name);
        writer.WriteList("inputModes", _network.Modes.Inputs);
        writer.WriteList("outputModes", _network.Modes.Outputs);
        writer.WriteNumber("parameters", _network.ParameterCount);
        writer.WriteNumber("denseParameters", _network.Modes.DenseParameters);
        WriteRanks(writer);
        writer.WriteString("tree", TreeText);
        TensorListing.Write(writer, "cores", Cores);
        writer.WriteEndObject();
    }

    /// <summary>Of a tree leaf frames by mode and inner nodes by their modes; of any other format each bond.</summary>
    public void WriteRanks(Utf8JsonWriter writer)
    {
        writer.WriteStartObject("ranks");
        if (Tree is { } tree)
        {
            writer.WriteList("leaf", tree.Nodes().Where(node => node.IsLeaf).OrderBy(node => node.Modes[0]).Select(RankOf));
            writer.WriteStartObject("inner");
            foreach (var node in tree.Nodes().Where(node => !node.IsLeaf && node != tree)) writer.WriteNumber(node.Key, RankOf(node));
            writer.WriteEndObject();
        }
        else
        {
            foreach (var (bond, rank) in _network.Bonds) writer.WriteNumber(bond, rank);
        }

        writer.WriteEndObject();

        int RankOf(DimensionTree node) => CoreOf(node).Shape[^1];
    }

    /// <summary>Its line under the layer, and the tree or the cores below it.</summary>
    public void AddTo(IHasTreeNodes layer)
    {
        var dense = _network.Modes.DenseParameters;
        var count = matrix.Format is DenseFormat ? $"{Words.Count(dense)}" : $"{Words.Count(_network.ParameterCount)} of {Words.Count(dense)}";
        var node = layer.AddNode(ResultTables.Cell($"{matrix.Name}: {matrix.Format.Name}, {_network.Modes}, {count}"));
        if (Tree is { } tree)
        {
            Add(node, tree, tree);
            return;
        }

        if (matrix.Format is DenseFormat) return;
        foreach (var core in Cores) node.AddNode(ResultTables.Cell($"{core.Name} [{string.Join(", ", core.Shape)}]"));
        node.AddNode(ResultTables.Cell($"ranks {string.Join(", ", _network.Bonds.Select(bond => $"{bond.Key} {bond.Value}"))}"));
    }

    private TensorRow Core(int core) => new(_network.Cores[core].Name, "F32", _network.CoreShape(core));

    /// <summary>A node's core has its rank as the last size, but for the root.</summary>
    private TensorRow CoreOf(DimensionTree node) => Cores.First(core => core.Name == $"{(node.IsLeaf ? "U" : "B")}{node.Key}");

    private void Add(IHasTreeNodes parent, DimensionTree? node, DimensionTree root)
    {
        if (node is null) return;
        var core = CoreOf(node);
        var modes = node.IsLeaf ? $" n {_network.Modes.Inputs[node.Modes[0]]}, m {_network.Modes.Outputs[node.Modes[0]]}," : "";
        var rank = node == root ? 1 : core.Shape[^1];
        var added = parent.AddNode(ResultTables.Cell($"{{{node.Key}}}{modes} rank {rank}, {core.Name} [{string.Join(", ", core.Shape)}]"));
        Add(added, node.Left, root);
        Add(added, node.Right, root);
    }
}
