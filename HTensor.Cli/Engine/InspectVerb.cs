using System.Text;
using HTensor.Core;
using HTensor.Rnn;

namespace HTensor.Cli;

/// <summary>The work of <c>inspect</c>: what a file is follows from its first bytes and its metadata, not from its name.</summary>
internal static class InspectVerb
{
    private const string ModelKey = "htensor";

    public static void Run(InspectRequest request, CommandIo io)
    {
        var path = request.Path;
        if (request.Svg is not null && !(File.Exists(path) && Kind(path).Length == 0 && IsDecomposed(path)))
            throw new RequestException($"--svg: expected a tensor in a format, which has singular values to draw, found {path}");
        if (Directory.Exists(path)) path = RunFolder.ResolveModel(path);
        switch (Kind(path))
        {
            case "" when Path.GetExtension(path).Equals(".onnx", StringComparison.OrdinalIgnoreCase):
                Model(ModelReader.Open(path), new Dictionary<string, string>(), io);
                break;
            case "npz":
                Arrays(path, io);
                break;
            case "npy":
                var array = NpyFile.Read(path);
                Show(new TensorListing("npy", [Row(Path.GetFileNameWithoutExtension(path), array)]), io);
                break;
            default:
                Safetensors(path, request.Svg, io);
                break;
        }
    }

    private static bool IsDecomposed(string path) => DecomposedTensor.IsStored(SafetensorsFile.Read(path));

    private static string Kind(string path)
    {
        Span<byte> start = stackalloc byte[2];
        using var stream = File.OpenRead(path);
        return stream.ReadAtLeast(start, start.Length, throwOnEndOfStream: false) < start.Length ? "" :
            start.SequenceEqual("PK"u8) ? "npz" : start[0] == 0x93 ? "npy" : "";
    }

    private static void Safetensors(string path, string? svg, CommandIo io)
    {
        var file = SafetensorsFile.Read(path);
        if (DecomposedTensor.IsStored(file))
        {
            Decomposed(path, svg, io);
            return;
        }

        if (!file.Metadata.ContainsKey(ModelKey))
        {
            Show(new TensorListing("safetensors", [.. file.Tensors.Select(tensor => new TensorRow(tensor.Key, $"{tensor.Value.Type}", tensor.Value.Shape))]), io);
            return;
        }

        Model(SequenceClassifier.Load(path), file.Metadata, io);
    }

    private static void Model(SequenceClassifier model, IReadOnlyDictionary<string, string> metadata, CommandIo io)
    {
        var summary = new ModelSummary(model, metadata);
        io.WriteJson(summary.WriteTo);
        summary.Print(io.Console);
    }

    private static void Decomposed(string path, string? svg, CommandIo io)
    {
        var tensor = DecomposedTensor.Load(path);
        if (svg is not null)
        {
            OutputPlace.Require(svg, "--svg");
            if (tensor.Report is not { } report) throw new RequestException($"{path}: expected singular values to draw, found none");
            OutputFile.Write(svg, stream => stream.Write(Encoding.UTF8.GetBytes(SingularValuePlot.Draw(report))));
        }

        var summary = new TensorSummary(tensor);
        io.WriteJson(summary.WriteTo);
        summary.Print(io.Console);
    }

    private static void Arrays(string path, CommandIo io)
    {
        using var archive = NpzArchive.Open(path);
        Show(new TensorListing("npz", [.. archive.Names.Select(name => Row(name, archive.Read(name)))]), io);
    }

    private static TensorRow Row(string name, NpyArray array) => new(name, $"{array.Type}", array.Shape);

    private static void Show(TensorListing listing, CommandIo io)
    {
        io.WriteJson(listing.WriteTo);
        listing.Print(io.Console);
    }
}
