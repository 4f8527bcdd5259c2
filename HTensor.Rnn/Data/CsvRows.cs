using System.Text;
using HTensor.Core;

namespace HTensor.Rnn;

/// <summary>The rows of a CSV file: a header, cells between commas, quoted where they hold one; a quote within is doubled. No cell holds a line break.</summary>
internal static class CsvRows
{
    private const int LongestLine = 1 << 24;

    /// <summary>Each line's number, from 1, and cells. Empty lines are passed over.</summary>
    public static IEnumerable<(int Line, List<string> Cells)> Read(string path)
    {
        using var stream = InputFile.Open(path);
        using var reader = new StreamReader(stream, Encoding.UTF8);
        for (var number = 1; reader.ReadLine() is { } line; number++)
        {
            var place = new DataPlace($"{path}: line {number}");
            if (line.Length > LongestLine) throw place.Unexpected("length", $"at most {LongestLine} characters", $"{line.Length}");
            if (!string.IsNullOrWhiteSpace(line)) yield return (number, Cells(line, place));
        }
    }

    private static List<string> Cells(string line, DataPlace place)
    {
        var cells = new List<string>();
        for (var at = 0; at <= line.Length;)
        {
            if (at < line.Length && line[at] == '"')
            {
                cells.Add(Quoted(line, ref at, place));
                if (at < line.Length && line[at] != ',') throw place.Unexpected($"character {at + 1}", "a comma after the quote", $"'{line[at]}'");
            }
            else
            {
                var end = line.IndexOf(',', at);
                if (end < 0) end = line.Length;
                cells.Add(line[at..end].Trim());
                at = end;
            }

            at++;
        }

        return cells;
    }

    private static string Quoted(string line, ref int at, DataPlace place)
    {
        var text = new StringBuilder();
        for (at++; at < line.Length; at++)
        {
            if (line[at] != '"')
            {
                text.Append(line[at]);
                continue;
            }

            if (at + 1 >= line.Length || line[at + 1] != '"')
            {
                at++;
                return text.ToString();
            }

            text.Append(line[at++]);
        }

        throw place.Unexpected("cell", "a closing quote", "the line's end");
    }
}
