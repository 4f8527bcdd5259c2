using System.Globalization;
using System.Runtime.InteropServices;
using HTensor.Core;

namespace HTensor.Rnn;

/// <summary>Reads <see cref="SequenceData"/> out of an npz file and refuses, by file and key, what would spoil a training run later.</summary>
internal sealed class SequenceFile
{
    // Labels without names are believed up to here: each class costs a name and a row of the read-out.
    private const int MostUnnamedClasses = 65536;

    private const string Sample = "sample of x";

    private readonly IArrayStore _store;
    private readonly ArrayReader _reader;
    private readonly FrameStorage _storage;

    private SequenceFile(string path, IArrayStore store, FrameStorage storage) => (_store, _reader, _storage) = (store, new ArrayReader(path, store), storage);

    public static SequenceData Load(string path, FrameStorage storage)
    {
        using var store = Open(path);
        return new SequenceFile(path, store, storage).Read();
    }

    public static ISequenceSource LoadSource(string path, FrameStorage storage)
    {
        using var store = Open(path);
        return new SequenceFile(path, store, storage).ReadSource(count => new int[count]);
    }

    public static SequenceData LoadNumbers(string path)
    {
        using var store = Open(path);
        return new SequenceFile(path, store, FrameStorage.Memory).ReadNumbers();
    }

    private SequenceData ReadNumbers()
    {
        var targets = Array.Empty<float>();
        var each = 1;
        var source = ReadSource(count =>
        {
            (targets, each) = ReadTargets(count);
            return new int[count];
        });
        var (train, validation, test) = _reader.Split(_reader.Integers("split", "split", Sample, source.Count, 0, 2));
        return SequenceData.Unlabelled(new TargetSource(source, targets, each), [.. Enumerable.Range(0, each).Select(index => index.ToString(CultureInfo.InvariantCulture))], train, validation, test);
    }

    private (float[] Targets, int Each) ReadTargets(int count)
    {
        var y = _store.Read("y");
        if (y.Type is not (NpyType.Single or NpyType.Double)) throw Wrong("y", $"dtype: expected float32 or float64, found {y.Type}");
        if (y.Shape.Count is < 1 or > 2 || y.Shape[0] != count || y.Shape[^1] < 1)
            throw Wrong("y", $"shape: expected [{count}] or [{count}, numbers], found [{string.Join(", ", y.Shape)}]");
        var targets = MemoryMarshal.Cast<byte, float>(y.Type == NpyType.Single ? y.Bytes.Span : ToSingles(y.As<double>())).ToArray();
        if (targets.AsSpan().ContainsAnyExceptInRange(float.MinValue, float.MaxValue)) throw Wrong("y", "expected finite numbers, found others");
        return (targets, y.Shape.Count == 1 ? 1 : y.Shape[1]);
    }

    private static IArrayStore Open(string path) => Directory.Exists(path) ? new NpyFolder(path) : NpzArchive.Open(path);

    private SequenceData Read()
    {
        var names = ReadClassNames();
        var labels = Array.Empty<int>();
        var source = ReadSource(count => labels = _reader.Integers("y", "label", Sample, count, 0, (names?.Length ?? MostUnnamedClasses) - 1));
        var (train, validation, test) = _reader.Split(_reader.Integers("split", "split", Sample, labels.Length, 0, 2));
        RefuseOneClass(train, labels);
        return SequenceData.Create(source, names ?? NumberedNames(labels), train, test, validation, ReadGroups(labels.Length));
    }

    private ISequenceSource ReadSource(Func<int, int[]> readLabels)
    {
        var stored = _storage == FrameStorage.Mapped ? _store.Locate("x") : null;
        var x = stored is null ? _store.Read("x") : null;
        var (type, shape) = stored is null ? (x!.Type, x.Shape) : (stored.Type, stored.Shape);
        var extent = CheckFrames(type, shape);
        var labels = readLabels(shape[0]);
        var lengths = _store.Contains("lengths") ? _reader.Integers("lengths", "length", Sample, shape[0], 1, extent.Steps) : Filled(shape[0], extent.Steps);
        if (stored is not null) return Mapped(stored, extent, labels, lengths);
        var (bytes, element) = ReadValues(x!, extent, lengths);
        return ArraySequenceSource.Over(bytes, element, extent, labels, lengths);
    }

    private MappedSequenceSource Mapped(StoredArray stored, SequenceExtent extent, int[] labels, int[] lengths) => stored.Type == NpyType.Double
        ? throw Wrong("x", "dtype: expected uint8 or float32, so that it can be mapped, found Double")
        : new MappedSequenceSource(stored, stored.Type == NpyType.UInt8 ? FrameElement.UInt8 : FrameElement.Single, extent, labels, lengths);

    private SequenceExtent CheckFrames(NpyType type, IReadOnlyList<int> shape)
    {
        if (type is not (NpyType.UInt8 or NpyType.Single or NpyType.Double))
            throw Wrong("x", $"dtype: expected uint8, float32 or float64, found {type}");
        var text = $"[{string.Join(", ", shape)}]";
        if (shape.Count < 3)
            throw Wrong("x", $"shape: expected [samples, steps, frame...], three modes or more, found {text}; one value a step is [samples, steps, 1]");
        Int128 bytes = type == NpyType.UInt8 ? 1 : sizeof(float);
        foreach (var size in shape)
            if (size < 1) throw Wrong("x", $"shape: expected mode sizes of 1 or more, found {text}");
        foreach (var size in shape.Skip(1)) bytes = Int128.Min(bytes * size, long.MaxValue);
        return bytes <= Array.MaxLength
            ? new SequenceExtent(shape[1], [.. shape.Skip(2)])
            : throw Wrong("x", $"shape {text}: expected at most {Array.MaxLength} bytes a sample, found {bytes}");
    }

    private (ReadOnlyMemory<byte> Bytes, FrameElement Element) ReadValues(NpyArray x, SequenceExtent extent, int[] lengths)
    {
        if (x.Type == NpyType.UInt8) return (x.Bytes, FrameElement.UInt8);
        var bytes = x.Type == NpyType.Single ? x.Bytes : ToSingles(x.As<double>());
        var values = MemoryMarshal.Cast<byte, float>(bytes.Span);
        if (NonFinite.First(values, extent.FrameSize, extent.Steps, lengths) is not { } place) return (bytes, FrameElement.Single);
        var found = x.Type == NpyType.Single ? values[place.Index] : x.As<double>()[place.Index];
        throw Wrong("x", string.Create(CultureInfo.InvariantCulture, $"{place}: expected a finite float, found {found}"));
    }

    private static byte[] ToSingles(ReadOnlySpan<double> doubles)
    {
        var bytes = new byte[doubles.Length * sizeof(float)];
        var singles = MemoryMarshal.Cast<byte, float>(bytes.AsSpan());
        for (var i = 0; i < doubles.Length; i++) singles[i] = (float)doubles[i];
        return bytes;
    }

    private string[]? ReadClassNames()
    {
        if (!_store.TryRead("class_names", out var array)) return null;
        if (array.Type != NpyType.Unicode || array.Shape.Count != 1)
            throw Wrong("class_names", $"expected strings [classes], found {array.Type} [{string.Join(", ", array.Shape)}]");
        var names = array.Strings();
        return SequenceData.FirstFault(names) is { } fault ? throw Wrong("class_names", fault) : names;
    }

    private int[]? ReadGroups(int count)
    {
        if (!_store.TryRead("group", out var array)) return null;
        if (array.Shape.Count != 1 || array.Shape[0] != count)
            throw Wrong("group", $"shape: expected [{count}], one a {Sample}, found [{string.Join(", ", array.Shape)}]");
        var size = array.ElementSize;
        return GroupNumbers.Of(Enumerable.Range(0, count).Select(i => Convert.ToHexString(array.Bytes.Span.Slice(i * size, size))));
    }

    private void RefuseOneClass(int[] train, int[] labels)
    {
        foreach (var sample in train)
            if (labels[sample] != labels[train[0]]) return;
        throw Wrong("y", $"training samples: expected two classes or more, found only class {labels[train[0]]}");
    }

    private static string[] NumberedNames(int[] labels)
    {
        var names = new string[labels.Max() + 1];
        for (var i = 0; i < names.Length; i++) names[i] = i.ToString(CultureInfo.InvariantCulture);
        return names;
    }

    private static int[] Filled(int count, int value)
    {
        var filled = new int[count];
        Array.Fill(filled, value);
        return filled;
    }

    private InvalidDataException Wrong(string key, string problem) => _reader.Wrong(key, problem);
}
