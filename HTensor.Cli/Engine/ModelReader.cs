using HTensor.Core;
using HTensor.Onnx;
using HTensor.Rnn;

namespace HTensor.Cli;

/// <summary>A trained model from whatever holds one: a run folder, a model file of ours, or recurrent layers of another program.</summary>
internal static class ModelReader
{
    public const string Kinds = "a model file, a run folder for its best model, .onnx, .safetensors with PyTorch's names, or .npz with Keras'";

    private const string ModelKey = "htensor";

    /// <param name="path">The file or folder.</param>
    /// <param name="options">What a file of another program does not say.</param>
    /// <exception cref="InvalidDataException">It holds no model.</exception>
    public static SequenceClassifier Open(string path, ImportOptions? options = null)
    {
        if (Directory.Exists(path)) return SequenceClassifier.Load(RunFolder.ResolveModel(path));
        if (Has(path, ".onnx")) return OnnxImport.Load(path, options);
        if (Has(path, ".npz")) return RecurrentImport.Npz(path, options);
        return Has(path, ".safetensors") && IsForeign(path) ? RecurrentImport.Safetensors(path, options) : SequenceClassifier.Load(path);
    }

    private static bool Has(string path, string extension) => Path.GetExtension(path).Equals(extension, StringComparison.OrdinalIgnoreCase);

    /// <summary>A file with a recurrent layer by PyTorch's name; any other is refused as the model of ours that it is not.</summary>
    private static bool IsForeign(string path)
    {
        var file = SafetensorsFile.Read(path);
        return !file.Metadata.ContainsKey(ModelKey) && file.Tensors.Keys.Any(name => name.Contains("weight_ih", StringComparison.Ordinal));
    }
}
