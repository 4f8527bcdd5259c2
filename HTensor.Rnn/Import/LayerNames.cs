using HTensor.Core;

namespace HTensor.Rnn;

/// <summary>Names of layers in the order in which people count: rnn_2 before rnn_10.</summary>
internal static class LayerNames
{
    private const int Listed = 12;

    public static int Compare(string left, string right)
    {
        var (i, j) = (0, 0);
        while (i < left.Length && j < right.Length)
        {
            if (char.IsAsciiDigit(left[i]) && char.IsAsciiDigit(right[j]))
            {
                var (first, second) = (Digits(left, ref i), Digits(right, ref j));
                var compared = first.Length != second.Length ? first.Length - second.Length : string.CompareOrdinal(first, second);
                if (compared != 0) return compared;
            }
            else if (left[i] != right[j])
            {
                return left[i] - right[j];
            }
            else
            {
                (i, j) = (i + 1, j + 1);
            }
        }

        return left.Length - i - (right.Length - j);
    }

    /// <summary>Those asked for, in that order, or all.</summary>
    /// <exception cref="InvalidDataException">One of them is not there.</exception>
    public static IReadOnlyList<string> Choose(DataPlace place, IEnumerable<string> present, IReadOnlyList<string>? wanted)
    {
        string[] sorted = [.. present.Order(Comparer<string>.Create(Compare))];
        if (wanted is null) return sorted;
        foreach (var name in wanted)
            if (!sorted.Contains(name)) throw place.Unexpected("recurrent layers", $"'{name}' among them", Text(sorted));
        return wanted;
    }

    public static string Text(IReadOnlyCollection<string> names) => names.Count == 0 ? "none"
        : string.Join(", ", names.Take(Listed).Select(name => name.Length == 0 ? "one without a name" : name)) + (names.Count > Listed ? $" and {names.Count - Listed} more" : "");

    private static string Digits(string text, ref int at)
    {
        var start = at;
        while (at < text.Length && char.IsAsciiDigit(text[at])) at++;
        return text[start..at].TrimStart('0');
    }
}
