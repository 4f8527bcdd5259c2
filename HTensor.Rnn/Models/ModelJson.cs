using System.Buffers;
using System.Text;
using System.Text.Json;
using HTensor.Core;
using static HTensor.Rnn.JsonMembers;

namespace HTensor.Rnn;

/// <summary>
/// Model options as JSON text. <c>version</c> counts changes that an older reader cannot take: 1, an LSTM of one layer with dense U that
/// classifies, over the frames; 2 says what else there was then; 3 has ranks bond by bond, formats with modes of their own, layers of different formats, differences of frames.
/// A model is written in the oldest version that can say it.
/// </summary>
internal static class ModelJson
{
    private const int Version = 3;
    private const int MostLayers = 1000;
    private const string Kind = "sequence-classifier";

    public static string Write(ModelOptions options)
    {
        var text = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(text))
        {
            writer.WriteStartObject();
            writer.WriteString("kind", Kind);
            writer.WriteNumber("version", VersionOf(options));
            writer.WriteString("cell", Name(options.Cell));
            Numbers(writer, "inputModes", options.InputModes);
            Numbers(writer, "hiddenModes", options.HiddenModes);
            writer.WriteString("gates", Name(options.Gates));
            writer.WriteString("readout", Name(options.Readout));
            writer.WritePropertyName("inputWeights");
            FormatJson.Write(writer, options.InputWeights);
            if (VersionOf(options) > 1) WriteMore(writer, options);
            writer.WriteStartArray("classes");
            foreach (var name in options.Classes) writer.WriteStringValue(name);
            writer.WriteEndArray();
            writer.WriteEndObject();
        }

        return Encoding.UTF8.GetString(text.WrittenSpan);
    }

    /// <exception cref="FormatException">The text is no such JSON; the message names the key, expected and found.</exception>
    public static ModelOptions Read(string json)
    {
        try
        {
            using var document = JsonDocument.Parse(json);
            var root = document.RootElement;
            if (Text(root, "kind") != Kind) throw new FormatException($"kind: expected {Kind}, found {Text(root, "kind")}");
            var version = Number(root, "version");
            if (version is < 1 or > Version) throw new FormatException($"version: expected 1 to {Version}, found {version}: written by another HTensor");
            if (version == 1 && Text(root, "cell") != "lstm") throw new FormatException($"cell: expected lstm, found {Text(root, "cell")}");
            var plain = new ModelOptions
            {
                InputModes = Numbers(root, "inputModes"),
                HiddenModes = Numbers(root, "hiddenModes"),
                Cell = Choice<CellKind>(root, "cell"),
                Gates = Choice<GateMode>(root, "gates"),
                Readout = Choice<Readout>(root, "readout"),
                InputWeights = FormatJson.Read(root, "inputWeights"),
                Classes = [.. Member(root, "classes", JsonValueKind.Array).EnumerateArray().Select(name => Name(name, "classes"))],
            };
            return version == 1 ? plain : ReadMore(root, plain);
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException)
        {
            throw new FormatException($"model options: {exception.Message}", exception);
        }
    }

    private static int VersionOf(ModelOptions options)
    {
        if (options.LayerFormats.Count > 0 || options.StepInput != StepInput.Frame || !FormatJson.IsUniform(options.InputWeights) || !FormatJson.IsUniform(options.RecurrentWeights)) return Version;
        return IsPlain(options) ? 1 : 2;
    }

    private static bool IsPlain(ModelOptions options) => options is
    {
        Cell: CellKind.Lstm,
        RecurrentWeights: DenseFormat,
        Coupling: WeightCoupling.Separate,
        Layers: 1,
        Direction: Direction.Forward,
        Front: null,
        StepInput: StepInput.Frame,
        Task: SequenceTask.Class,
        Readout: not Readout.Step,
    };

    private static void WriteMore(Utf8JsonWriter writer, ModelOptions options)
    {
        writer.WriteString("reset", Name(options.Reset));
        writer.WritePropertyName("recurrentWeights");
        FormatJson.Write(writer, options.RecurrentWeights);
        writer.WriteString("coupling", Name(options.Coupling));
        writer.WriteNumber("layers", options.Layers);
        writer.WriteString("direction", Name(options.Direction));
        writer.WriteString("task", Name(options.Task));
        if (options.LayerFormats.Count > 0) WriteLayers(writer, options.LayerFormats);
        if (options.StepInput != StepInput.Frame) writer.WriteString("stepInput", Name(options.StepInput));
        if (options.Front is not { } front) return;
        writer.WriteStartObject("front");
        writer.WriteString("kind", Name(front.Kind));
        writer.WriteNumber("inputs", front.Inputs);
        writer.WriteEndObject();
    }

    private static void WriteLayers(Utf8JsonWriter writer, IReadOnlyList<LayerFormats> layers)
    {
        writer.WriteStartArray("layerFormats");
        foreach (var layer in layers)
        {
            writer.WriteStartObject();
            writer.WritePropertyName("input");
            FormatJson.Write(writer, layer.Input);
            writer.WritePropertyName("recurrent");
            FormatJson.Write(writer, layer.Recurrent);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
    }

    private static LayerFormats[] ReadLayers(JsonElement root) => !root.TryGetProperty("layerFormats", out _) ? [] :
        [.. Member(root, "layerFormats", JsonValueKind.Array).EnumerateArray().Select(layer => new LayerFormats(FormatJson.Read(layer, "input"), FormatJson.Read(layer, "recurrent")))];

    private static ModelOptions ReadMore(JsonElement root, ModelOptions plain)
    {
        var front = root.TryGetProperty("front", out _) ? Member(root, "front", JsonValueKind.Object) : (JsonElement?)null;
        return plain with
        {
            Reset = Choice<GruReset>(root, "reset"),
            RecurrentWeights = FormatJson.Read(root, "recurrentWeights"),
            Coupling = Choice<WeightCoupling>(root, "coupling"),
            LayerFormats = ReadLayers(root),
            Layers = Bounded(root, "layers", MostLayers),
            Direction = Choice<Direction>(root, "direction"),
            Task = Choice<SequenceTask>(root, "task"),
            StepInput = root.TryGetProperty("stepInput", out _) ? Choice<StepInput>(root, "stepInput") : StepInput.Frame,
            Front = front is { } json ? new FrontLayer(Choice<FrontKind>(json, "kind"), Bounded(json, "inputs", int.MaxValue)) : null,
        };
    }

    private static int Bounded(JsonElement json, string key, int most) => Number(json, key) is var number && number >= 1 && number <= most
        ? number
        : throw new FormatException($"{key}: expected 1 to {most}, found {number}");
}
