using System.Buffers;
using System.Text;
using System.Text.Json;
using HTensor.Core;

namespace HTensor.Rnn;

/// <summary>
/// Model options as JSON text. <c>version</c> counts changes that an older reader cannot take: 1, an LSTM of one layer with dense U that
/// classifies, over the frames; 2 says what else there is. A model is written in the oldest version that can say it.
/// </summary>
internal static class ModelJson
{
    private const int Version = 2;
    private const int MostLayers = 1000;
    private const string Kind = "sequence-classifier";

    public static string Write(ModelOptions options)
    {
        var text = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(text))
        {
            writer.WriteStartObject();
            writer.WriteString("kind", Kind);
            writer.WriteNumber("version", IsPlain(options) ? 1 : Version);
            writer.WriteString("cell", Name(options.Cell));
            Numbers(writer, "inputModes", options.InputModes);
            Numbers(writer, "hiddenModes", options.HiddenModes);
            writer.WriteString("gates", Name(options.Gates));
            writer.WriteString("readout", Name(options.Readout));
            writer.WritePropertyName("inputWeights");
            WriteFormat(writer, options.InputWeights);
            if (!IsPlain(options)) WriteMore(writer, options);
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
                InputWeights = ReadFormat(root, "inputWeights"),
                Classes = [.. Member(root, "classes", JsonValueKind.Array).EnumerateArray().Select(name => Name(name, "classes"))],
            };
            return version == 1 ? plain : ReadMore(root, plain);
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException)
        {
            throw new FormatException($"model options: {exception.Message}", exception);
        }
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
        WriteFormat(writer, options.RecurrentWeights);
        writer.WriteString("coupling", Name(options.Coupling));
        writer.WriteNumber("layers", options.Layers);
        writer.WriteString("direction", Name(options.Direction));
        writer.WriteString("task", Name(options.Task));
        if (options.StepInput != StepInput.Frame) writer.WriteString("stepInput", Name(options.StepInput));
        if (options.Front is not { } front) return;
        writer.WriteStartObject("front");
        writer.WriteString("kind", Name(front.Kind));
        writer.WriteNumber("inputs", front.Inputs);
        writer.WriteEndObject();
    }

    private static ModelOptions ReadMore(JsonElement root, ModelOptions plain)
    {
        var front = root.TryGetProperty("front", out _) ? Member(root, "front", JsonValueKind.Object) : (JsonElement?)null;
        return plain with
        {
            Reset = Choice<GruReset>(root, "reset"),
            RecurrentWeights = ReadFormat(root, "recurrentWeights"),
            Coupling = Choice<WeightCoupling>(root, "coupling"),
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

    private static void WriteFormat(Utf8JsonWriter writer, IMatrixFormat format)
    {
        writer.WriteStartObject();
        writer.WriteString("format", format.Name);
        switch (format)
        {
            case HierarchicalTuckerFormat ht:
                writer.WriteNumber("leafRank", ht.LeafRank);
                writer.WriteNumber("innerRank", ht.InnerRank);
                writer.WriteString("tree", ht.TreeText);
                break;
            case TensorTrainFormat tt:
                writer.WriteNumber("rank", tt.RankOfBonds);
                break;
            case TensorRingFormat tr:
                writer.WriteNumber("rank", tr.RankOfBonds);
                writer.WriteNumber("closingRank", tr.ClosingRank);
                break;
            case BlockTermFormat bt:
                writer.WriteNumber("blocks", bt.Blocks);
                writer.WriteNumber("rank", bt.RankOfBonds);
                break;
            case CanonicalPolyadicFormat cp:
                writer.WriteNumber("rank", cp.RankOfBonds);
                break;
            case TuckerFormat tucker:
                Numbers(writer, "ranks", tucker.Ranks);
                break;
            case DenseFormat:
                break;
            default:
                throw new NotSupportedException($"model file: format '{format.Name}' is not one that a file can name");
        }

        writer.WriteEndObject();
    }

    private static IMatrixFormat ReadFormat(JsonElement root, string key)
    {
        var json = Member(root, key, JsonValueKind.Object);
        return Text(json, "format") switch
        {
            "dense" => WeightFormat.Dense,
            "ht" => WeightFormat.HierarchicalTucker(Number(json, "leafRank"), Number(json, "innerRank"), Text(json, "tree")),
            "tt" => WeightFormat.TensorTrain(Number(json, "rank")),
            "tr" => WeightFormat.TensorRing(Number(json, "rank"), Number(json, "closingRank")),
            "bt" => WeightFormat.BlockTerm(Number(json, "blocks"), Number(json, "rank")),
            "cp" => WeightFormat.CanonicalPolyadic(Number(json, "rank")),
            "tucker" => WeightFormat.Tucker(Numbers(json, "ranks")),
            var other => throw new FormatException($"{key}: expected dense, ht, tt, tr, bt, cp or tucker, found {other}"),
        };
    }

    private static string Name<TEnum>(TEnum value)
        where TEnum : struct, Enum => value.ToString().ToLowerInvariant();

    private static TEnum Choice<TEnum>(JsonElement json, string key)
        where TEnum : struct, Enum =>
        Enum.GetValues<TEnum>().Where(value => Name(value) == Text(json, key)).Cast<TEnum?>().FirstOrDefault()
        ?? throw new FormatException($"{key}: expected {string.Join(" or ", Enum.GetValues<TEnum>().Select(Name))}, found {Text(json, key)}");

    private static string Text(JsonElement json, string key) => Member(json, key, JsonValueKind.String).GetString()!;

    private static int Number(JsonElement json, string key) => Whole(Member(json, key, JsonValueKind.Number), key);

    private static int[] Numbers(JsonElement json, string key) => [.. Member(json, key, JsonValueKind.Array).EnumerateArray().Select(number => Whole(number, key))];

    private static string Name(JsonElement json, string key) =>
        json.ValueKind == JsonValueKind.String ? json.GetString()! : throw new FormatException($"{key}: expected text, found {json.ValueKind}");

    private static int Whole(JsonElement json, string key) =>
        json.ValueKind == JsonValueKind.Number && json.TryGetInt32(out var value) ? value : throw new FormatException($"{key}: expected a whole number, found {json}");

    private static JsonElement Member(JsonElement json, string key, JsonValueKind kind)
    {
        if (json.ValueKind != JsonValueKind.Object) throw new FormatException($"model options: expected an object, found {json.ValueKind}");
        if (!json.TryGetProperty(key, out var member)) throw new FormatException($"model options: expected key '{key}', found none");
        return member.ValueKind == kind ? member : throw new FormatException($"{key}: expected {kind}, found {member.ValueKind}");
    }

    private static void Numbers(Utf8JsonWriter writer, string key, IEnumerable<int> numbers)
    {
        writer.WriteStartArray(key);
        foreach (var number in numbers) writer.WriteNumberValue(number);
        writer.WriteEndArray();
    }
}
