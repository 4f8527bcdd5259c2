using HTensor.Onnx;
using HTensor.Rnn;

namespace HTensor.Cli;

/// <summary>The work of <c>export</c>.</summary>
internal static class ExportVerb
{
    public static void Run(ExportRequest request, CommandIo io)
    {
        (string Option, string? Path, Action<SequenceClassifier, string> Write)[] all =
        [
            ("--onnx", request.Onnx, (model, path) => OnnxExport.Write(model, path, request.Options)), ("--safetensors", request.Safetensors, RecurrentExport.Safetensors), ("--npz", request.Npz, RecurrentExport.Npz),
        ];
        var wanted = all.Where(each => each.Path is not null).ToArray();
        if (wanted.Length == 0) throw new RequestException("export: expected --onnx, --safetensors or --npz with a file to write, found none");
        foreach (var (option, path, _) in wanted) OutputPlace.Require(path!, option);
        var model = Request.Check(() => ModelReader.Open(request.Model, request.Import));
        foreach (var (_, path, write) in wanted) Request.Check(() => write(model, path!));
        var bytes = wanted.Select(each => new FileInfo(each.Path!).Length).ToArray();
        io.WriteJson(writer =>
        {
            writer.WriteStartObject();
            writer.WriteNumber("bytes", bytes.Sum());
            writer.WriteNumber("parameters", model.Counts.Model);
            writer.WriteEndObject();
        });
        for (var i = 0; i < wanted.Length; i++) io.Say($"{wanted[i].Path}: {bytes[i]:N0} bytes, {model.Counts.Model:N0} parameters");
    }
}
