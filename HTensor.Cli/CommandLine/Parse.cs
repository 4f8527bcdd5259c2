using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;

namespace HTensor.Cli;

/// <summary>Options whose text is read and checked here, so that a wrong one is refused in the house's words: expected, found.</summary>
internal static class Parse
{
    public delegate bool Reader<T>(string text, out T value);

    /// <summary>An option that is null when it is not given.</summary>
    public static Option<T?> Optional<T>(string name, string helpName, string description, string expected, Reader<T> read)
        where T : struct => new(name)
        {
            Description = description,
            HelpName = helpName,
            CustomParser = result => TryRead(result, name, expected, read, out var value) ? value : null,
        };

    public static Option<int?> Integer(string name, string description, int minimum) =>
        Optional<int>(name, "N", description, $"a whole number of at least {minimum}", (text, out value) =>
            int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out value) && value >= minimum);

    /// <summary>A real number that is finite and inside a range told by <paramref name="expected"/>.</summary>
    public static Option<double?> Real(string name, string description, string expected, Func<double, bool> isInside) =>
        Optional<double>(name, "X", description, expected, (text, out value) =>
            double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out value) && double.IsFinite(value) && isInside(value));

    /// <summary>One of some words; null when it is not given.</summary>
    public static Option<string?> Choice(string name, string description, params string[] choices)
    {
        return new(name)
        {
            Description = description,
            HelpName = string.Join('|', choices),
            CustomParser = result => TryRead(result, name, OneOf(choices), ReadChoice, out string? value) ? value : null,
        };

        bool ReadChoice(string text, out string value)
        {
            value = text;
            return choices.Contains(text);
        }
    }

    /// <summary>On where it is given.</summary>
    public static Option<bool> Flag(string name, string description) => new(name) { Description = description };

    public static Option<string?> Text(string name, string helpName, string description) => new(name)
    {
        Description = description,
        HelpName = helpName,
    };

    private static string OneOf(string[] choices) =>
        choices.Length == 1 ? choices[0] : $"{string.Join(", ", choices[..^1])} or {choices[^1]}";

    private static bool TryRead<T>(ArgumentResult result, string name, string expected, Reader<T> read, out T? value)
    {
        value = default;
        if (result.Tokens.Count != 1) return Refuse(result, $"{name}: expected {expected}, found {result.Tokens.Count} values");
        var text = result.Tokens[0].Value;
        return read(text, out value!) || Refuse(result, $"{name}: expected {expected}, found \"{text}\"");
    }

    private static bool Refuse(ArgumentResult result, string message)
    {
        result.AddError(message);
        return false;
    }
}
