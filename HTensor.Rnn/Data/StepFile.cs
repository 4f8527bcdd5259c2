using System.Globalization;
using HTensor.Core;

namespace HTensor.Rnn;

/// <summary>Reads npz files of sequences whose next frame or symbol is to be predicted, and refuses by file and key what is none.</summary>
internal static class StepFile
{
    private const int LeastLength = 2;

    public static SequenceData LoadNotes(string path, int? window)
    {
        using var archive = NpzArchive.Open(path);
        var reader = new ArrayReader(path, archive);
        var x = Bytes(reader, 2, "[steps of all pieces, values]");
        if (x.Bytes.Span.ContainsAnyExceptInRange((byte)0, (byte)1)) throw reader.Wrong("x", "expected values 0 or 1, found others");
        var count = archive.Read("lengths").Shape is [var pieces] ? pieces : 0;
        var lengths = reader.Integers("lengths", "length", "piece", count, LeastLength, x.Shape[0]);
        if (lengths.Sum(length => (long)length) != x.Shape[0])
            throw reader.Wrong("lengths", $"expected a sum of {x.Shape[0]}, the steps of x, found {lengths.Sum(length => (long)length)}");
        var (train, validation, test) = reader.Split(reader.Integers("split", "split", "piece", count, 0, 2));
        var whole = new StepSource.Stretch[count];
        for (var (i, start) = (0, 0); i < count; start += lengths[i++]) whole[i] = new StepSource.Stretch(start, lengths[i], 0);
        StepSource.Stretch[] stretches = whole;
        if (window is { } steps)
        {
            // Training pieces alone are cut: a piece is judged as a whole.
            StepSource.Stretch[] cut = [.. train.SelectMany(piece => StepSource.Windows(whole[piece].Start, whole[piece].Start + whole[piece].Length, steps, 0))];
            (stretches, train) = ([.. whole, .. cut], [.. Enumerable.Range(count, cut.Length)]);
        }

        string[] names = [.. Enumerable.Range(0, x.Shape[1]).Select(note => note.ToString(CultureInfo.InvariantCulture))];
        return SequenceData.Unlabelled(new StepSource(x.Bytes, FrameElement.UInt8, [x.Shape[1]], stretches), names, train, validation, test);
    }

    public static SequenceData LoadSymbols(string path, int steps)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(steps, LeastLength);
        return LoadSymbols(path, (first, end) => StepSource.Windows(first, end, steps, 0), (first, end) => StepSource.Windows(first, end, steps, steps / 2));
    }

    public static SequenceData LoadStreams(string path, int streams, int context)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(streams, 1);
        ArgumentOutOfRangeException.ThrowIfNegative(context);
        return LoadSymbols(path, (first, end) => StepSource.Streams(first, end, streams, 0), (first, end) => StepSource.Streams(first, end, Evaluator.BatchSize, context));
    }

    private static SequenceData LoadSymbols(string path, Func<int, int, IEnumerable<StepSource.Stretch>> cutTrain, Func<int, int, IEnumerable<StepSource.Stretch>> cut)
    {
        using var archive = NpzArchive.Open(path);
        var reader = new ArrayReader(path, archive);
        var x = Bytes(reader, 1, "[symbols]");
        var names = Vocabulary(reader);
        if (x.Bytes.Span.ContainsAnyExceptInRange((byte)0, (byte)Math.Min(byte.MaxValue, names.Length - 1)))
            throw reader.Wrong("x", $"expected indices 0 to {names.Length - 1} into 'vocab', found others");
        var ends = reader.Integers("split_ends", "end", "part", 3, LeastLength, x.Shape[0]);
        if (ends[1] < ends[0] + LeastLength || ends[2] < ends[1] + LeastLength) throw reader.Wrong("split_ends", $"expected ends that rise by {LeastLength} or more, found {string.Join(", ", ends)}");
        StepSource.Stretch[] train = [.. cutTrain(0, ends[0])];
        StepSource.Stretch[] validation = [.. cut(ends[0], ends[1])];
        StepSource.Stretch[] test = [.. cut(ends[1], ends[2])];
        var source = new StepSource(x.Bytes, FrameElement.UInt8, [1], [.. train, .. validation, .. test]);
        var (second, third) = (train.Length, train.Length + validation.Length);
        return SequenceData.Unlabelled(source, names, [.. Enumerable.Range(0, second)], [.. Enumerable.Range(second, validation.Length)], [.. Enumerable.Range(third, test.Length)]);
    }

    private static NpyArray Bytes(ArrayReader reader, int order, string shape)
    {
        var x = reader.Store.Read("x");
        if (x.Type != NpyType.UInt8) throw reader.Wrong("x", $"dtype: expected uint8, found {x.Type}");
        if (x.Shape.Count != order || x.Shape.Any(size => size < 1)) throw reader.Wrong("x", $"shape: expected {shape}, found [{string.Join(", ", x.Shape)}]");
        return x;
    }

    private static string[] Vocabulary(ArrayReader reader)
    {
        var array = reader.Store.Read("vocab");
        if (array.Type == NpyType.UInt8 && array.Shape.Count == 1) return [.. array.Bytes.ToArray().Select(value => ((char)value).ToString())];
        if (array.Type != NpyType.Unicode) throw reader.Wrong("vocab", $"dtype: expected strings or uint8, found {array.Type}");
        var names = array.Strings();
        if (names.Length == 1) names = [.. names[0].Select(letter => letter.ToString())];
        return SequenceData.FirstFault(names) is { } fault ? throw reader.Wrong("vocab", fault) : names;
    }
}
