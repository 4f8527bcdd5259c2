using System.Globalization;

namespace HTensor.Core;

/// <summary>
/// Reads the Python literal in an npy header: <c>{'descr': '&lt;f4', 'fortran_order': False, 'shape': (80, 100, 6), }</c>.
/// Exactly these three keys, once each, in any order.
/// </summary>
internal ref struct NpyHeaderParser
{
    private const int MaximalRank = 64;

    private readonly ReadOnlySpan<char> _text;
    private readonly DataPlace _place;
    private int _at;

    private NpyHeaderParser(ReadOnlySpan<char> text, DataPlace place)
    {
        _text = text;
        _place = place;
    }

    public static NpyHeader Parse(ReadOnlySpan<char> text, DataPlace place)
    {
        var parser = new NpyHeaderParser(text, place);
        return parser.ParseDictionary();
    }

    private NpyHeader ParseDictionary()
    {
        string? descr = null;
        ElementOrder? order = null;
        long[]? shape = null;
        Expect('{');
        while (!Take('}'))
        {
            var key = ParseString("a key");
            Expect(':');
            if (key == "descr" && descr is null) descr = ParseDescr();
            else if (key == "fortran_order" && order is null) order = ParseOrder();
            else if (key == "shape" && shape is null) shape = ParseShape();
            else throw _place.Unexpected("npy header", "descr, fortran_order and shape, once each", $"'{key}'");
            if (!Take(','))
            {
                Expect('}');
                break;
            }
        }

        SkipSpace();
        if (_at != _text.Length) throw Unexpected("nothing after the dictionary");
        if (descr is null || order is null || shape is null)
        {
            var missing = descr is null ? "descr" : order is null ? "fortran_order" : "shape";
            throw _place.Unexpected("npy header", "descr, fortran_order and shape", $"no {missing}");
        }

        var (type, elementSize) = NpyTypes.Parse(descr, _place);
        return new NpyHeader(type, elementSize, shape, order.Value);
    }

    private string ParseDescr()
    {
        if (Peek() == '[') throw _place.Unexpected("dtype", NpyTypes.Taken, "a structured dtype (a list of fields)");
        return ParseString("a dtype");
    }

    private ElementOrder ParseOrder()
    {
        SkipSpace();
        if (TakeWord("False")) return ElementOrder.LastFastest;
        if (TakeWord("True")) return ElementOrder.FirstFastest;
        throw Unexpected("True or False");
    }

    private long[] ParseShape()
    {
        var sizes = new List<long>();
        Expect('(');
        while (!Take(')'))
        {
            if (sizes.Count == MaximalRank) throw _place.Wrong($"npy header: shape: expected at most {MaximalRank} modes, found more");
            sizes.Add(ParseSize());
            if (!Take(','))
            {
                Expect(')');
                break;
            }
        }

        return [.. sizes];
    }

    private long ParseSize()
    {
        SkipSpace();
        var start = _at;
        while (_at < _text.Length && char.IsAsciiDigit(_text[_at])) _at++;
        var digits = _text[start.._at];
        TakeWord("L"); // Python 2 wrote its long integers so.
        if (digits.IsEmpty) throw Unexpected("a mode size of 0 or more");
        // No array that .NET holds has a mode beyond int, empty arrays included.
        if (!long.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out var size) || size > int.MaxValue)
            throw _place.Unexpected("npy header: shape", $"mode sizes up to {int.MaxValue}", Shorten(digits));
        return size;
    }

    private string ParseString(string what)
    {
        var quote = Peek();
        if (quote is not ('\'' or '"')) throw Unexpected($"{what} in quotes");
        var rest = _text[(_at + 1)..];
        var end = rest.IndexOf(quote);
        if (end < 0) throw Unexpected($"{what} with its closing quote");
        _at += end + 2;
        return Shorten(rest[..end]);
    }

    private char Peek()
    {
        SkipSpace();
        return _at < _text.Length ? _text[_at] : '\0';
    }

    private bool Take(char character)
    {
        if (Peek() != character || _at >= _text.Length) return false;
        _at++;
        return true;
    }

    private bool TakeWord(string word)
    {
        if (!_text[_at..].StartsWith(word)) return false;
        _at += word.Length;
        return true;
    }

    private void Expect(char character)
    {
        if (!Take(character)) throw Unexpected($"'{character}'");
    }

    private void SkipSpace()
    {
        while (_at < _text.Length && _text[_at] is ' ' or '\n' or '\r' or '\t') _at++;
    }

    private readonly InvalidDataException Unexpected(string expected) => _place.Unexpected(
        $"npy header at character {_at}", expected, _at < _text.Length ? $"'{Shorten(_text[_at..])}'" : "its end");

    /// <summary>A piece of the file for a message of one line.</summary>
    private static string Shorten(ReadOnlySpan<char> text)
    {
        const int longest = 40;
        var characters = text[..Math.Min(text.Length, longest)].ToArray();
        for (var i = 0; i < characters.Length; i++)
            if (characters[i] is < ' ' or > '~') characters[i] = '?';
        return text.Length > longest ? $"{new string(characters)}..." : new string(characters);
    }
}
