using HTensor.Onnx;
using HTensor.Rnn;

namespace HTensor.Cli;

/// <summary>What <c>export</c> was asked for: one file or more.</summary>
/// <param name="Model">A model of any kind that <see cref="ModelReader"/> opens.</param>
internal sealed record ExportRequest(string Model)
{
    public string? Onnx { get; init; }

    public string? Safetensors { get; init; }

    public string? Npz { get; init; }

    public OnnxExportOptions Options { get; init; } = new();

    /// <summary>What a model of another program does not say.</summary>
    public ImportOptions? Import { get; init; }
}
