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

    private readonly NpzArchive _archive;
    private readonly NpzReader _reader;

    private SequenceFile(string path, NpzArchive archive)
    {
        _archive = archive;
        _reader = new NpzReader(path, archive);
    }

    public static SequenceData Load(string path)
    {
        using var archive = NpzArchive.Open(path);
        return new SequenceFile(path, archive).Read();
    }

    public static SequenceData LoadNumbers(string path)
    {
        using var archive = NpzArchive.Open(path);
        return new SequenceFile(path, archive).ReadNumbers();
    }

    private SequenceData ReadNumbers()
    {
        var x = _archive.Read("x");
        var extent = CheckFrames(x);
        var count = x.Shape[0];
        var y = _archive.Read("y");
        if (y.Type is not (NpyType.Single or NpyType.Double)) throw Wrong("y", $"dtype: expected float32 or float64, found {y.Type}");
        if (y.Shape.Count is < 1 or > 2 || y.Shape[0] != count || y.Shape[^1] < 1)
            throw Wrong("y", $"shape: expected [{count}] or [{count}, numbers], found [{string.Join(", ", y.Shape)}]");
        var each = y.Shape.Count == 1 ? 1 : y.Shape[1];
        var targets = MemoryMarshal.Cast<byte, float>(y.Type == NpyType.Single ? y.Bytes.Span : ToSingles(y.As<double>()));
        if (targets.ContainsAnyExceptInRange(float.MinValue, float.MaxValue)) throw Wrong("y", "expected finite numbers, found others");
        var lengths = _archive.Contains("lengths") ? _reader.Integers("lengths", "length", Sample, count, 1, extent.Steps) : Filled(count, extent.Steps);
        var (train, validation, test) = _reader.Split(_reader.Integers("split", "split", Sample, count, 0, 2));
        var (bytes, element) = ReadValues(x, extent, lengths);
        var source = new TargetSource(ArraySequenceSource.Over(bytes, element, extent, new int[count], lengths), targets, each);
        return SequenceData.Unlabelled(source, [.. Enumerable.Range(0, each).Select(index => index.ToString(CultureInfo.InvariantCulture))], train, validation, test);
    }

    private SequenceData Read()
    {
        var x = _archive.Read("x");
        var extent = CheckFrames(x);
        var count = x.Shape[0];
        var names = ReadClassNames();
        var labels = _reader.Integers("y", "label", Sample, count, 0, (names?.Length ?? MostUnnamedClasses) - 1);
        var lengths = _archive.Contains("lengths") ? _reader.Integers("lengths", "length", Sample, count, 1, extent.Steps) : Filled(count, extent.Steps);
        var split = _reader.Integers("split", "split", Sample, count, 0, 2);
        var (train, validation, test) = _reader.Split(split);
        RefuseOneClass(train, labels);
        var (bytes, element) = ReadValues(x, extent, lengths);
        var source = ArraySequenceSource.Over(bytes, element, extent, labels, lengths);
        return SequenceData.Create(source, names ?? NumberedNames(labels), train, test, validation);
    }

    private SequenceExtent CheckFrames(NpyArray x)
    {
        if (x.Type is not (NpyType.UInt8 or NpyType.Single or NpyType.Double))
            throw Wrong("x", $"dtype: expected uint8, float32 or float64, found {x.Type}");
        var text = $"[{string.Join(", ", x.Shape)}]";
        if (x.Shape.Count < 3)
            throw Wrong("x", $"shape: expected [samples, steps, frame...], three modes or more, found {text}; one value a step is [samples, steps, 1]");
        foreach (var size in x.Shape)
            if (size < 1) throw Wrong("x", $"shape: expected mode sizes of 1 or more, found {text}");
        return new SequenceExtent(x.Shape[1], [.. x.Shape.Skip(2)]);
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
        if (!_archive.TryRead("class_names", out var array)) return null;
        if (array.Type != NpyType.Unicode || array.Shape.Count != 1)
            throw Wrong("class_names", $"expected strings [classes], found {array.Type} [{string.Join(", ", array.Shape)}]");
        var names = array.Strings();
        return SequenceData.FirstFault(names) is { } fault ? throw Wrong("class_names", fault) : names;
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
