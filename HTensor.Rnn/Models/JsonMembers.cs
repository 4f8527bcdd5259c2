using System.Text.Json;

namespace HTensor.Rnn;

/// <summary>Members of a JSON object by their type; what is missing or of another type is named.</summary>
internal static class JsonMembers
{
    public static string Name<TEnum>(TEnum value)
        where TEnum : struct, Enum => value.ToString().ToLowerInvariant();

    public static TEnum Choice<TEnum>(JsonElement json, string key)
        where TEnum : struct, Enum =>
        Enum.GetValues<TEnum>().Where(value => Name(value) == Text(json, key)).Cast<TEnum?>().FirstOrDefault()
        ?? throw new FormatException($"{key}: expected {string.Join(" or ", Enum.GetValues<TEnum>().Select(Name))}, found {Text(json, key)}");

    public static string Text(JsonElement json, string key) => Member(json, key, JsonValueKind.String).GetString()!;

    public static int Number(JsonElement json, string key) => Whole(Member(json, key, JsonValueKind.Number), key);

    public static int[] Numbers(JsonElement json, string key) => [.. Member(json, key, JsonValueKind.Array).EnumerateArray().Select(number => Whole(number, key))];

    public static string Name(JsonElement json, string key) =>
        json.ValueKind == JsonValueKind.String ? json.GetString()! : throw new FormatException($"{key}: expected text, found {json.ValueKind}");

    public static int Whole(JsonElement json, string key) =>
        json.ValueKind == JsonValueKind.Number && json.TryGetInt32(out var value) ? value : throw new FormatException($"{key}: expected a whole number, found {json}");

    public static JsonElement Member(JsonElement json, string key, JsonValueKind kind)
    {
        if (json.ValueKind != JsonValueKind.Object) throw new FormatException($"model options: expected an object, found {json.ValueKind}");
        if (!json.TryGetProperty(key, out var member)) throw new FormatException($"model options: expected key '{key}', found none");
        return member.ValueKind == kind ? member : throw new FormatException($"{key}: expected {kind}, found {member.ValueKind}");
    }

    public static void Numbers(Utf8JsonWriter writer, string key, IEnumerable<int> numbers)
    {
        writer.WriteStartArray(key);
        foreach (var number in numbers) writer.WriteNumberValue(number);
        writer.WriteEndArray();
    }
}
