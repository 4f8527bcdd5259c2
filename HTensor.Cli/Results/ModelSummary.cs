using System.Text.Json;
using HTensor.Core;
using HTensor.Rnn;
using Spectre.Console;

namespace HTensor.Cli;

/// <summary>A model as <c>inspect</c> shows it: counts, ratios, the dimension tree with its ranks, every core.</summary>
internal sealed class ModelSummary(SequenceClassifier model, IReadOnlyDictionary<string, string> metadata)
{
    private const string Cell = "lstm";
    private const int Gates = 4;
    private const string EpochKey = "training.epoch";
    private const string StepKey = "training.step";

    private readonly ModelOptions _options = model.Options;

    private readonly MatrixNetwork _input = GateLayout.Create(
        model.Options.InputWeights, model.Options.InputModes, model.Options.HiddenModes, Gates, model.Options.Gates).Network;

    private DimensionTree? Tree => (_options.InputWeights as HierarchicalTuckerFormat)?.Tree(_input.Modes.Inputs.Count);

    private IEnumerable<TensorRow> Parameters => model.Parameters.Items.Select(item => new TensorRow(item.Name, "F32", item.Shape.Sizes));

    public void WriteTo(Utf8JsonWriter writer)
    {
        writer.WriteStartObject();
        writer.WriteString("format", _options.InputWeights.Name);
        writer.WriteString("recurrentFormat", WeightFormat.Dense.Name);
        CountFigures.Write(writer, model.Counts);
        writer.WriteString("cell", Cell);
        writer.WriteList("inputModes", _input.Modes.Inputs);
        writer.WriteList("outputModes", _input.Modes.Outputs);
        writer.WriteList("hiddenModes", _options.HiddenModes);
        writer.WriteString("gates", Words.Lower(_options.Gates));
        writer.WriteString("readout", Words.Lower(_options.Readout));
        writer.WriteStartArray("classes");
        foreach (var name in _options.Classes) writer.WriteStringValue(name);
        writer.WriteEndArray();
        writer.WriteString("weightsSha256", model.Parameters.Sha256());
        if (metadata.TryGetValue(EpochKey, out var epoch)) writer.WriteString("epochsDone", epoch);
        WriteRanks(writer);
        writer.WriteString("tree", Tree?.ToString());
        TensorListing.Write(writer, "cores", Enumerable.Range(0, _input.Cores.Count).Select(Core));
        TensorListing.Write(writer, "tensors", Parameters);
        writer.WriteEndObject();
    }

    public void Print(IAnsiConsole console)
    {
        ResultTables.Figures(console,
        [
            new("cell", $"{Cell}, {model.Counts.Model:N0} parameters with its read-out, {_options.Classes.Count} classes"),
            new("input matrix", $"{_options.InputWeights.Name}, {_options.InputWeights.Settings}"),
            new("modes", $"{_input.Modes}, gates {Words.Lower(_options.Gates)}, read-out {Words.Lower(_options.Readout)}"),
            .. metadata.TryGetValue(EpochKey, out var epoch)
                ? [new("checkpoint", $"after {epoch} epochs, {metadata.GetValueOrDefault(StepKey)} steps")]
                : Array.Empty<NamedValue>(),
            new("SHA-256", model.Parameters.Sha256()),
        ]);
        ResultTables.Parameters(console, CountFigures.Rows(_options.InputWeights.Name, model.Counts));
        if (Tree is { } tree) console.Write(Drawn(tree));
        TensorListing.Print(console, "tensors", Parameters);
    }

    /// <summary>Of a tree leaf frames by mode and inner nodes by their modes; of any other format each bond.</summary>
    private void WriteRanks(Utf8JsonWriter writer)
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
            foreach (var (bond, rank) in _input.Bonds) writer.WriteNumber(bond, rank);
        }

        writer.WriteEndObject();

        int RankOf(DimensionTree node) => CoreOf(node).Shape[^1];
    }

    private TensorRow Core(int core) => new(_input.Cores[core].Name, "F32", _input.CoreShape(core));

    /// <summary>A node's core has its rank as the last size, but for the root.</summary>
    private TensorRow CoreOf(DimensionTree node) =>
        Enumerable.Range(0, _input.Cores.Count).Select(Core).First(core => core.Name == $"{(node.IsLeaf ? "U" : "B")}{node.Key}");

    private Tree Drawn(DimensionTree root)
    {
        var tree = new Tree(ResultTables.Cell(Label(root, "rank 1")));
        foreach (var child in (DimensionTree?[])[root.Left, root.Right]) Add(tree, child);
        return tree;

        void Add(IHasTreeNodes parent, DimensionTree? node)
        {
            if (node is null) return;
            var added = parent.AddNode(ResultTables.Cell(Label(node, $"rank {CoreOf(node).Shape[^1]}")));
            Add(added, node.Left);
            Add(added, node.Right);
        }
    }

    private string Label(DimensionTree node, string rank)
    {
        var core = CoreOf(node);
        var modes = node.IsLeaf ? $" n {_input.Modes.Inputs[node.Modes[0]]}, m {_input.Modes.Outputs[node.Modes[0]]}," : "";
        return $"{{{node.Key}}}{modes} {rank}, {core.Name} [{string.Join(", ", core.Shape)}]";
    }
}
