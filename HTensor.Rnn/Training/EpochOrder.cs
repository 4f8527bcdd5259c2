using HTensor.Kernels;

namespace HTensor.Rnn;

/// <summary>The order in which an epoch reads its training samples: a function of the seed and the epoch's number.</summary>
internal static class EpochOrder
{
    private const ulong ShuffleStreams = 1000, GroupStreams = 1UL << 40;

    /// <summary>Batches whose samples are sorted together: enough for near equal lengths, few enough that batches differ from epoch to epoch.</summary>
    private const int GroupedBatches = 16;

    /// <summary>Fills <paramref name="order"/> with the samples of <paramref name="train"/>, batch after batch; epochs count from 1.</summary>
    public static void Fill(Span<int> order, SequenceSet train, TrainingOptions options, int epoch)
    {
        train.Samples.Span.CopyTo(order);
        new Philox(options.Seed, ShuffleStreams + (ulong)epoch).Shuffle(order);
        if (options.GroupByLength) Group(order, train.Source, options.BatchSize, new Philox(options.Seed, GroupStreams + (ulong)epoch));
    }

    private static void Group(Span<int> order, ISequenceSource source, int batchSize, Philox random)
    {
        var full = order[..(order.Length / batchSize * batchSize)];
        for (var start = 0; start < full.Length; start += GroupedBatches * batchSize) SortByLength(full.Slice(start, Math.Min(GroupedBatches * batchSize, full.Length - start)), source);
        var batches = new int[full.Length / batchSize];
        for (var batch = 0; batch < batches.Length; batch++) batches[batch] = batch;
        random.Shuffle(batches);
        var sorted = full.ToArray();
        for (var batch = 0; batch < batches.Length; batch++) sorted.AsSpan(batches[batch] * batchSize, batchSize).CopyTo(full[(batch * batchSize)..]);
    }

    /// <summary>Equal lengths keep the order that they have, so that a sort's own ways decide nothing.</summary>
    private static void SortByLength(Span<int> samples, ISequenceSource source)
    {
        var keys = new (int Length, int Place)[samples.Length];
        for (var place = 0; place < keys.Length; place++) keys[place] = (source.Length(samples[place]), place);
        keys.AsSpan().Sort(samples);
    }
}
