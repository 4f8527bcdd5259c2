using HTensor.Core;
using HTensor.Rnn;

namespace HTensor.Tests.Rnn;

/// <summary>Files of notes, symbols and numbers to predict.</summary>
public sealed class StepFileTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(4)]
    [InlineData(7)]
    [InlineData(1000)]
    public void Every_symbol_of_a_part_but_its_first_is_predicted_once(int steps)
    {
        byte[] symbols = [.. Enumerable.Range(0, 120).Select(i => (byte)(i * i % 5))];
        int[] ends = [60, 90, 120];
        var data = SequenceData.LoadSymbols(Symbols(symbols, ends), steps);
        Assert.Equal(["a", "b", "c", "d", "e"], data.ClassNames);
        foreach (var (set, first, end) in new[] { (data.Train, 0, 60), (data.Validation, 60, 90), (data.Test, 90, 120) })
        {
            var predicted = new List<int>();
            foreach (var sample in set.Samples.Span.ToArray())
            {
                var source = set.Source;
                var frames = source.Read(sample, new byte[source.Steps]).Span;
                Assert.InRange(source.Length(sample), 2, steps + 1);
                var start = Enumerable.Range(first, end - first).First(i => predicted.Count == 0 ? i == first : i + source.FirstPrediction(sample) == predicted[^1]);
                for (var step = 0; step < source.Length(sample); step++) Assert.Equal(symbols[start + step], frames[step]);
                Assert.True(frames[source.Length(sample)..].IndexOfAnyExcept((byte)0) < 0);
                for (var step = source.FirstPrediction(sample); step + 1 < source.Length(sample); step++) predicted.Add(start + step + 1);
            }

            Assert.Equal(Enumerable.Range(first + 1, end - first - 1), predicted);
        }
    }

    [Theory]
    [InlineData(1, 0)]
    [InlineData(4, 7)]
    [InlineData(100, 3)]
    public void Streams_follow_one_another_and_begin_early(int streams, int context)
    {
        byte[] symbols = [.. Enumerable.Range(0, 240).Select(i => (byte)(i * i % 5))];
        var data = SequenceData.LoadSymbolStreams(Symbols(symbols, [120, 180, 240]), streams, context);
        foreach (var (set, first, end, count, before) in new[] { (data.Train, 0, 120, streams, 0), (data.Validation, 120, 180, 32, context), (data.Test, 180, 240, 32, context) })
        {
            Assert.InRange(set.Count, 1, count);
            var next = first + 1;
            foreach (var sample in set.Samples.Span.ToArray())
            {
                var source = set.Source;
                var frames = source.Read(sample, new byte[source.Steps]).Span;
                var early = Math.Min(before, next - 1 - first);
                Assert.Equal(early, source.FirstPrediction(sample));
                for (var step = 0; step < source.Length(sample); step++) Assert.Equal(symbols[next - 1 - early + step], frames[step]);
                next += source.Length(sample) - 1 - early;
            }

            Assert.Equal(end, next);
        }
    }

    [Fact]
    public void Pieces_of_notes_are_padded_with_zeros()
    {
        var data = SequenceData.LoadNotes(Notes());
        Assert.Equal((3, 4, 2), (data.Source.Count, data.Source.Steps, data.FrameSize));
        Assert.Equal([1, 0, 0, 1, 0, 0, 0, 0], data.Source.Read(1, new byte[8]).ToArray());
        Assert.Equal([0, 1, 2], [.. data.TrainIndices, .. data.ValidationIndices, .. data.TestIndices]);
    }

    [Fact]
    public void Numbers_come_with_their_samples()
    {
        var data = SequenceData.LoadNumbers(Numbers(NpyArray.From<double>([1, 2, 3, 4, 5, 6], 3, 2)));
        var source = Assert.IsType<TargetSource>(data.Source);
        Assert.Equal((2, 6f), (source.TargetCount, source.Target(2, 1)));
        Assert.Equal(["0", "1"], data.ClassNames);
    }

    [Fact]
    public void What_does_not_fit_is_named_by_file_and_key()
    {
        Refused(path => SequenceData.LoadNotes(path), Notes(("x", NpyArray.From<byte>([2, 0, 0, 0], 2, 2))), "key 'x': expected values 0 or 1");
        Refused(path => SequenceData.LoadNotes(path), Notes(("x", NpyArray.From<float>(new float[18], 9, 2))), "key 'x': dtype: expected uint8, found Single");
        Refused(path => SequenceData.LoadNotes(path), Notes(("lengths", NpyArray.From<long>([4, 2, 4], 3))), "key 'lengths': expected a sum of 9, the steps of x, found 10");
        Refused(path => SequenceData.LoadNotes(path), Notes(("lengths", NpyArray.From<long>([4, 1, 4], 3))), "length of piece 1: expected 2 to 9, found 1");
        Refused(path => SequenceData.LoadSymbols(path, 4), Symbols([0, 1, 7, 1, 0, 1, 0, 1], [4, 6, 8]), "key 'x': expected indices 0 to 4 into 'vocab'");
        Refused(path => SequenceData.LoadSymbols(path, 4), Symbols(new byte[8], [4, 5, 8]), "key 'split_ends': expected ends that rise by 2 or more");
        Refused(path => SequenceData.LoadSymbols(path, 4), Symbols(new byte[8], [4, 6, 9]), "end of part 2: expected 2 to 8, found 9");
        Refused(path => SequenceData.LoadNumbers(path), Numbers(NpyArray.From<long>([1, 2, 3], 3)), "key 'y': dtype: expected float32 or float64, found Int64");
        Refused(path => SequenceData.LoadNumbers(path), Numbers(NpyArray.From<float>([1, float.NaN, 3], 3)), "key 'y': expected finite numbers");
        Refused(path => SequenceData.LoadNumbers(path), Numbers(NpyArray.From<float>([1, 2], 2)), "key 'y': shape: expected [3] or [3, numbers], found [2]");
    }

    private static void Refused(Func<string, SequenceData> load, string path, string part) => Malformed.Refused(path, () => load(path), part);

    private string Notes(params (string Key, NpyArray Array)[] changes)
    {
        var arrays = new Dictionary<string, NpyArray>
        {
            ["x"] = NpyArray.From<byte>([0, 1, 1, 1, 0, 0, 1, 0, 1, 0, 0, 1, 0, 0, 1, 1, 0, 1], 9, 2),
            ["lengths"] = NpyArray.From<long>([4, 2, 3], 3),
            ["split"] = NpyArray.From<byte>([0, 1, 2], 3),
        };
        foreach (var (key, array) in changes) arrays[key] = array;
        return Write(arrays);
    }

    private string Symbols(byte[] symbols, int[] ends) => Write(new()
    {
        ["x"] = NpyArray.From<byte>(symbols, symbols.Length),
        ["vocab"] = NpyArray.From<byte>("abcde"u8.ToArray(), 5),
        ["split_ends"] = NpyArray.From<long>([.. ends.Select(end => (long)end)], ends.Length),
    });

    private string Numbers(NpyArray y) => Write(new()
    {
        ["x"] = NpyArray.From<float>(new float[3 * 2 * 4], 3, 2, 4),
        ["y"] = y,
        ["split"] = NpyArray.From<byte>([0, 0, 1], 3),
    });

    private string Write(Dictionary<string, NpyArray> arrays)
    {
        var path = _folder.File($"{Guid.NewGuid()}.npz");
        NpzArchive.Write(path, arrays);
        return path;
    }
}
