using System.Text.Json;
using HTensor.Core;
using HTensor.Rnn;
using Spectre.Console;

namespace HTensor.Cli;

/// <summary>A model as <c>inspect</c> shows it: counts, ratios, the dimension tree with its ranks, every core.</summary>
internal sealed class ModelSummary(SequenceClassifier model, IReadOnlyDictionary<string, string> metadata)
{
    private const string EpochKey = "training.epoch";
    private const string StepKey = "training.step";

    private readonly ModelOptions _options = model.Options;
    private readonly IReadOnlyList<LayerMatrix> _matrices = ModelStructure.Matrices(model);
    private readonly MatrixSummary _input = new(ModelStructure.Matrices(model)[0]);

    private string Cell => Words.Lower(_options.Cell);

    private IEnumerable<TensorRow> Parameters => model.Parameters.Items.Select(item => new TensorRow(item.Name, "F32", item.Shape.Sizes));

    /// <summary>Whether the first layer's input matrix says it all: one layer, and U dense.</summary>
    private bool IsPlain => _matrices is [_, { Format: DenseFormat }];

    public void WriteTo(Utf8JsonWriter writer)
    {
        writer.WriteStartObject();
        writer.WriteString("format", _matrices[0].Format.Name);
        writer.WriteString("recurrentFormat", _options.Coupling == WeightCoupling.Joint ? "joint" : _matrices[1].Format.Name);
        CountFigures.Write(writer, model.Counts);
        writer.WriteString("cell", Cell);
        if (_options.Cell == CellKind.Gru) writer.WriteString("reset", Words.Lower(_options.Reset));
        writer.WriteNumber("layers", _options.Layers);
        writer.WriteString("direction", Words.Lower(_options.Direction));
        writer.WriteString("task", TaskChoice.Name(_options.Task));
        WriteFront(writer);
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
        _input.WriteRanks(writer);
        _input.WriteTree(writer);
        _input.WriteCores(writer);
        writer.WriteStartArray("matrices");
        foreach (var matrix in _matrices) new MatrixSummary(matrix).WriteTo(writer);
        writer.WriteEndArray();
        TensorListing.Write(writer, "tensors", Parameters);
        writer.WriteEndObject();
    }

    /// <summary>Values that stand before the first recurrent layer.</summary>
    private int FrontOutputs => model.Parameters.Items[0].Shape.Sizes[^1];

    private void WriteFront(Utf8JsonWriter writer)
    {
        if (_options.Front is not { } front) return;
        writer.WriteStartObject("front");
        writer.WriteString("kind", Words.Lower(front.Kind));
        writer.WriteNumber("inputs", front.Inputs);
        writer.WriteNumber("outputs", FrontOutputs);
        writer.WriteEndObject();
    }

    public void Print(IAnsiConsole console)
    {
        ResultTables.Figures(console,
        [
            new("cell", $"{Cell}{(_options.Cell == CellKind.Gru ? $", reset {Words.Lower(_options.Reset)}" : "")}, {_options.Layers} {(_options.Layers == 1 ? "layer" : "layers")} {Words.Lower(_options.Direction)}, {model.Counts.Model:N0} parameters in all"),
            new("task", $"{TaskChoice.Name(_options.Task)}, {_options.Classes.Count} outputs"),
            .. _options.Front is { } front ? [new("front", $"{Words.Lower(front.Kind)}, {front.Inputs} to {FrontOutputs}")] : Array.Empty<NamedValue>(),
            .. IsPlain ? [new("input matrix", $"{_matrices[0].Format.Name}, {_matrices[0].Format.Settings}")] : _matrices.Select(matrix => new MatrixSummary(matrix).Figure()),
            new("modes", $"{_input.Modes}, gates {Words.Lower(_options.Gates)}, read-out {Words.Lower(_options.Readout)}"),
            .. metadata.TryGetValue(EpochKey, out var epoch)
                ? [new("checkpoint", $"after {epoch} epochs, {metadata.GetValueOrDefault(StepKey)} steps")]
                : Array.Empty<NamedValue>(),
            new("SHA-256", model.Parameters.Sha256()),
        ]);
        ResultTables.Parameters(console, CountFigures.Rows(_matrices[0].Format.Name, model.Counts));
        foreach (var matrix in _matrices) new MatrixSummary(matrix).PrintTree(console);
        TensorListing.Print(console, "tensors", Parameters);
    }
}
