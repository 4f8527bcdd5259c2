using HTensor.Autodiff;
using HTensor.Core;

namespace HTensor.Rnn;

/// <summary>
/// A model as a safetensors file: one F32 tensor a parameter, under its name; the frames' scaling as <c>scaling.mean</c> and
/// <c>scaling.deviation</c>; the options as JSON text under the metadata key <c>htensor</c>.
/// </summary>
internal static class ModelFile
{
    public const string OptionsKey = "htensor";
    private const int ListedNames = 16;
    private const string MeanName = "scaling.mean";
    private const string DeviationName = "scaling.deviation";

    public static void Write(string path, SequenceClassifier model) =>
        SafetensorsFile.Write(path, Tensors(model), new Dictionary<string, string> { [OptionsKey] = ModelJson.Write(model.Options) });

    public static SequenceClassifier Read(string path) => Read(path, SafetensorsFile.Read(path));

    /// <summary>The model in a file that may hold more than it.</summary>
    public static SequenceClassifier Read(string path, SafetensorsFile file)
    {
        if (!file.Metadata.TryGetValue(OptionsKey, out var json))
            throw new DataPlace(path).Wrong($"expected a model with metadata key '{OptionsKey}', found {(file.Metadata.Count == 0 ? "no metadata" : string.Join(", ", file.Metadata.Keys))}");
        var options = OrFault(path, () => ModelJson.Read(json));
        RequireUnits(path, file, options);
        var layout = OrFault(path, () => new ClassifierLayout(options));
        var scaling = OrFault(path, () => Scaling(path, file, layout.FrameSize));
        // Before memory is taken for what a few bytes of options may ask for.
        foreach (var shape in layout.Parameters) RequireShape(path, file, shape.Name, shape.Sizes);
        var model = new SequenceClassifier(layout, scaling);
        foreach (var parameter in model.Parameters.Items) CopyInto(path, file, parameter.Name, parameter.Shape.Sizes, parameter.Values);
        return model;
    }

    public static Dictionary<string, SafetensorsTensor> Tensors(SequenceClassifier model)
    {
        var tensors = model.Parameters.Items.ToDictionary(parameter => parameter.Name, parameter => SafetensorsTensor.Over<float>(parameter.Memory, parameter.Shape.Sizes));
        tensors[MeanName] = SafetensorsTensor.Over<float>(model.Scaling.Mean, model.Scaling.Channels);
        tensors[DeviationName] = SafetensorsTensor.Over<float>(model.Scaling.Deviation, model.Scaling.Channels);
        return tensors;
    }

    /// <summary>Reads a tensor of a known shape.</summary>
    /// <exception cref="InvalidDataException">It is missing, of another type or shape, or holds a value that is not finite.</exception>
    public static void CopyInto(string path, SafetensorsFile file, string name, IReadOnlyList<int> shape, Span<float> destination)
    {
        RequireShape(path, file, name, shape);
        var values = Values(path, file, name);
        for (var i = 0; i < values.Length; i++)
            if (!float.IsFinite(values[i])) throw new DataPlace(path).Wrong($"{name}: value {i}: expected a finite number, found {values[i]}");
        values.CopyTo(destination);
    }

    private static FrameScaling Scaling(string path, SafetensorsFile file, int frameSize)
    {
        var (mean, deviation) = (Values(path, file, MeanName).ToArray(), Values(path, file, DeviationName).ToArray());
        if (mean.Length == 0 || frameSize % mean.Length != 0)
            throw new FormatException($"{MeanName}: expected a number of channels that divides a frame of {frameSize} values, found {mean.Length}");
        return new FrameScaling(mean, deviation);
    }

    /// <summary>A layout takes memory for each hidden unit, of which the file must hold some number.</summary>
    private static void RequireUnits(string path, SafetensorsFile file, ModelOptions options)
    {
        var held = file.Tensors.Values.Sum(tensor => (long)tensor.Count);
        if (options.HiddenModes.Aggregate(1.0, (product, mode) => product * mode) > held)
            throw new DataPlace(path).Wrong($"expected numbers of {string.Join('x', options.HiddenModes)} hidden units, found {held} in all");
    }

    private static void RequireShape(string path, SafetensorsFile file, string name, IReadOnlyList<int> shape)
    {
        var found = Tensor(path, file, name).Shape;
        if (!found.SequenceEqual(shape)) throw new DataPlace(path).Wrong($"{name}: expected shape [{string.Join(", ", shape)}], found [{string.Join(", ", found)}]");
    }

    private static ReadOnlySpan<float> Values(string path, SafetensorsFile file, string name) => Tensor(path, file, name).As<float>();

    private static SafetensorsTensor Tensor(string path, SafetensorsFile file, string name)
    {
        if (!file.Tensors.TryGetValue(name, out var tensor))
            throw new DataPlace(path).Wrong($"expected tensor '{name}', found {(file.Tensors.Count <= ListedNames ? string.Join(", ", file.Tensors.Keys) : $"{file.Tensors.Count} others")}");
        return tensor.Type == SafetensorsType.F32 ? tensor : throw new DataPlace(path).Wrong($"{name}: expected F32, found {tensor.Type}");
    }

    /// <summary>What the model's own checks refuse is a fault of the file.</summary>
    private static TMade OrFault<TMade>(string path, Func<TMade> make)
    {
        try
        {
            return make();
        }
        catch (Exception exception) when (exception is ArgumentException or FormatException or OverflowException)
        {
            throw new DataPlace(path).Wrong(exception);
        }
    }
}
