using System.Text.Json;
using HTensor.Core;
using HTensor.Rnn;
using Spectre.Console;

namespace HTensor.Cli;

/// <summary>A model as <c>inspect</c> shows it: counts, ratios, and of every layer and direction each matrix with its tree, ranks and cores.</summary>
internal sealed class ModelSummary(SequenceClassifier model, IReadOnlyDictionary<string, string> metadata)
{
    private const string EpochKey = "training.epoch";
    private const string StepKey = "training.step";

    private readonly ModelOptions _options = model.Options;
    private readonly IReadOnlyList<LayerStructure> _layers = ModelStructure.Layers(model.Options);

    private string RecurrentFormat => _options.Coupling == WeightCoupling.Joint ? "joint" : _options.RecurrentWeights.Name;

    private LayerMatrix First => _layers[0].Matrices[0];

    private IEnumerable<TensorRow> Parameters => model.Parameters.Items.Select(item => new TensorRow(item.Name, "F32", item.Shape.Sizes));

    public void WriteTo(Utf8JsonWriter writer)
    {
        writer.WriteStartObject();
        writer.WriteString("format", _options.InputWeights.Name);
        writer.WriteString("recurrentFormat", RecurrentFormat);
        CountFigures.Write(writer, model.Counts);
        writer.WriteString("cell", Words.Lower(_options.Cell));
        if (_options.Cell == CellKind.Gru) writer.WriteString("reset", Words.Lower(_options.Reset));
        writer.WriteList("inputModes", First.Network.Modes.Inputs);
        writer.WriteList("outputModes", First.Network.Modes.Outputs);
        writer.WriteList("hiddenModes", _options.HiddenModes);
        writer.WriteString("gates", Words.Lower(_options.Gates));
        writer.WriteString("task", TaskChoice.Name(_options.Task));
        writer.WriteString("readout", Words.Lower(_options.Readout));
        writer.WriteString("direction", Words.Lower(_options.Direction));
        WriteFront(writer);
        writer.WriteStartArray("classes");
        foreach (var name in _options.Classes) writer.WriteStringValue(name);
        writer.WriteEndArray();
        writer.WriteString("weightsSha256", model.Parameters.Sha256());
        if (metadata.TryGetValue(EpochKey, out var epoch)) writer.WriteString("epochsDone", epoch);
        var first = new MatrixSummary(First);
        first.WriteRanks(writer);
        writer.WriteString("tree", first.TreeText);
        TensorListing.Write(writer, "cores", first.Cores);
        writer.WriteStartArray("layers");
        foreach (var layer in _layers) Write(writer, layer);
        writer.WriteEndArray();
        TensorListing.Write(writer, "tensors", Parameters);
        writer.WriteEndObject();
    }

    public void Print(IAnsiConsole console)
    {
        var cell = _options.Cell == CellKind.Gru ? $"gru, reset {Words.Lower(_options.Reset)}" : Words.Lower(_options.Cell);
        ResultTables.Figures(console,
        [
            new("cell", $"{cell}, {_options.Layers} {(_options.Layers == 1 ? "layer" : "layers")} {Words.Lower(_options.Direction)}"),
            new("task", $"{TaskChoice.Name(_options.Task)}, {_options.Classes.Count} outputs, read-out {Words.Lower(_options.Readout)}"),
            .. _options.Front is { } front ? [new("front", $"{Words.Lower(front.Kind)}, {front.Inputs} to {_layers[0].Inputs}")] : Array.Empty<NamedValue>(),
            new("input matrix", $"{_options.InputWeights.Name}, {_options.InputWeights.Settings}"),
            .. metadata.TryGetValue(EpochKey, out var epoch)
                ? [new("checkpoint", $"after {epoch} epochs, {metadata.GetValueOrDefault(StepKey)} steps")]
                : Array.Empty<NamedValue>(),
            new("SHA-256", model.Parameters.Sha256()),
        ]);
        ResultTables.Parameters(console, CountFigures.Rows(_options.InputWeights.Name, model.Counts));
        foreach (var layer in _layers)
        {
            var tree = new Tree(ResultTables.Cell($"{layer.Name}: {layer.Inputs} to {layer.Hidden}, gates {Words.Lower(_options.Gates)}, {Words.Count(layer.Biases)} biases"));
            foreach (var matrix in layer.Matrices) new MatrixSummary(matrix).AddTo(tree);
            console.Write(tree);
        }

        TensorListing.Print(console, "tensors", Parameters);
    }

    private void WriteFront(Utf8JsonWriter writer)
    {
        if (_options.Front is not { } front) return;
        writer.WriteStartObject("front");
        writer.WriteString("kind", Words.Lower(front.Kind));
        writer.WriteNumber("inputs", front.Inputs);
        writer.WriteNumber("outputs", _layers[0].Inputs);
        writer.WriteEndObject();
    }

    private static void Write(Utf8JsonWriter writer, LayerStructure layer)
    {
        writer.WriteStartObject();
        writer.WriteString("name", layer.Name);
        writer.WriteNumber("inputs", layer.Inputs);
        writer.WriteNumber("hidden", layer.Hidden);
        writer.WriteNumber("parameters", layer.Parameters);
        writer.WriteNumber("biases", layer.Biases);
        writer.WriteStartArray("matrices");
        foreach (var matrix in layer.Matrices) new MatrixSummary(matrix).WriteTo(writer);
        writer.WriteEndArray();
        writer.WriteEndObject();
    }
}
