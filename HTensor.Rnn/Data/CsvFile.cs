using System.Globalization;
using HTensor.Core;

namespace HTensor.Rnn;

/// <summary>Reads <see cref="SequenceData"/> out of a CSV file; see <see cref="SequenceData.LoadCsv"/> for its layout.</summary>
internal sealed class CsvFile
{
    private const double TestPart = 0.2;

    private static readonly string[] Splits = ["train", "validation", "test"];

    private readonly string _path;
    private readonly int _class, _sequence, _split, _group;
    private readonly string[] _header;
    private readonly int[] _values;
    private readonly Dictionary<string, CsvSequence> _sequences = new(StringComparer.Ordinal);
    private readonly List<CsvSequence> _inOrder = [];

    private CsvFile(string path, List<string> header)
    {
        _path = path;
        _header = [.. header];
        if (_header.Distinct().Count() != _header.Length) throw Wrong(1, "expected different column names, found one twice");
        (_class, _sequence, _split, _group) = (Column("class"), Column("sequence"), Column("split"), Column("group"));
        if (_class < 0) throw Wrong(1, $"expected a column 'class', found {string.Join(", ", _header)}");
        _values = [.. Enumerable.Range(0, _header.Length).Except([_class, _sequence, _split, _group])];
        if (_values.Length == 0) throw Wrong(1, "expected a column of values or more, found none");
    }

    public static SequenceData Load(string path, ulong seed)
    {
        CsvFile? file = null;
        foreach (var (line, cells) in CsvRows.Read(path))
        {
            if (file is null) file = new CsvFile(path, cells);
            else file.Add(line, cells);
        }

        return file is { _inOrder.Count: > 0 } ? file.Make(seed) : throw new DataPlace(path).Wrong("expected a header and one row or more, found none");
    }

    private int Column(string name) => Array.IndexOf(_header, name);

    private void Add(int line, List<string> cells)
    {
        if (cells.Count != _header.Length) throw Wrong(line, $"expected {_header.Length} cells, found {cells.Count}");
        var name = _sequence < 0 ? $"{line}" : cells[_sequence];
        if (!_sequences.TryGetValue(name, out var sequence))
        {
            sequence = new CsvSequence(Text(cells, _class, line), _split < 0 ? -1 : Split(cells[_split], line), _group < 0 ? null : cells[_group]);
            _sequences.Add(name, sequence);
            _inOrder.Add(sequence);
        }

        var same = sequence.Class == cells[_class] && (_split < 0 || sequence.Split == Split(cells[_split], line)) && (_group < 0 || sequence.Group == cells[_group]);
        if (!same) throw Wrong(line, $"sequence '{name}': expected one class, split and group in all of its rows, found another");
        // A row that is a whole sequence may end early.
        var filled = _values.Length;
        while (_sequence < 0 && filled > 1 && cells[_values[filled - 1]].Length == 0) filled--;
        for (var i = 0; i < filled; i++) sequence.Values.Add(Number(cells, _values[i], line));
    }

    private SequenceData Make(ulong seed)
    {
        var frame = _sequence < 0 ? 1 : _values.Length;
        int[] lengths = [.. _inOrder.Select(sequence => sequence.Values.Count / frame)];
        var steps = lengths.Max();
        if ((long)_inOrder.Count * steps * frame > Array.MaxLength / sizeof(float)) throw new DataPlace(_path).Wrong($"expected at most {Array.MaxLength / sizeof(float)} values, padding included, found more");
        var values = new float[_inOrder.Count * steps * frame];
        for (var i = 0; i < _inOrder.Count; i++) _inOrder[i].Values.CopyTo(values, i * steps * frame);
        var names = ClassNames();
        var classes = names.Select((name, label) => (name, label)).ToDictionary(pair => pair.name, pair => pair.label, StringComparer.Ordinal);
        int[] labels = [.. _inOrder.Select(sequence => classes[sequence.Class])];
        var source = ArraySequenceSource.FromFloats(values, steps, [frame], labels, lengths);
        var groups = _group < 0 ? null : GroupNumbers.Of(_inOrder.Select(sequence => sequence.Group!));
        try
        {
            var data = SequenceData.Create(source, names, In(0), In(2), In(1), groups);
            return _split < 0 ? data.SplitTest(TestPart, seed) : data;
        }
        catch (ArgumentException exception)
        {
            throw new DataPlace(_path).Wrong(exception);
        }
    }

    /// <summary>By number where all are whole numbers, else by name.</summary>
    private string[] ClassNames()
    {
        string[] names = [.. _inOrder.Select(sequence => sequence.Class).Distinct()];
        return names.All(name => long.TryParse(name, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out _))
            ? [.. names.OrderBy(name => long.Parse(name, CultureInfo.InvariantCulture))]
            : [.. names.Order(StringComparer.Ordinal)];
    }

    private int[] In(int split) => [.. Enumerable.Range(0, _inOrder.Count).Where(i => Math.Max(0, _inOrder[i].Split) == split)];

    private int Split(string text, int line) => Array.IndexOf(Splits, text) is var split and >= 0
        ? split
        : throw Wrong(line, $"column 'split': expected train, validation or test, found '{text}'");

    private string Text(List<string> cells, int column, int line) =>
        cells[column].Length > 0 ? cells[column] : throw Wrong(line, $"column '{_header[column]}': expected text, found none");

    private float Number(List<string> cells, int column, int line) =>
        float.TryParse(cells[column], NumberStyles.Float, CultureInfo.InvariantCulture, out var value) && float.IsFinite(value)
            ? value
            : throw Wrong(line, $"column '{_header[column]}': expected a finite number, found '{cells[column]}'");

    private InvalidDataException Wrong(int line, string problem) => new DataPlace(_path).Wrong($"line {line}: {problem}");

    /// <summary>What the rows of a sequence share, and their values.</summary>
    private sealed record CsvSequence(string Class, int Split, string? Group)
    {
        public List<float> Values { get; } = [];
    }
}
