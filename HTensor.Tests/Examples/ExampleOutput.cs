using System.Collections;
using System.Globalization;

namespace HTensor.Tests.Examples;

/// <summary>What a document's example prints: numbers to nine decimals, lists with spaces.</summary>
internal sealed class ExampleOutput
{
    public List<string> Lines { get; } = [];

    public void Print(object? value) => Lines.Add(Text(value));

    private static string Text(object? value) => value switch
    {
        string text => text,
        double number => (Math.Round(number, 9) + 0.0).ToString("0.#########", CultureInfo.InvariantCulture),
        IEnumerable list => string.Join(' ', list.Cast<object>().Select(Text)),
        IFormattable other => other.ToString(null, CultureInfo.InvariantCulture),
        _ => value?.ToString() ?? "null",
    };
}
