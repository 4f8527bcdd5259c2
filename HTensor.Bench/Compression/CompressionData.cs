using HTensor.Core;
using HTensor.Kernels;
using HTensor.Rnn;

namespace HTensor.Bench;

/// <summary>Sequences for a model that came without any: some to calibrate by, others to judge by.</summary>
/// <param name="Text">What they are, in words.</param>
/// <param name="Calibration">To calibrate by.</param>
/// <param name="Test">To judge by.</param>
internal sealed record CompressionData(string Text, SequenceSet Calibration, SequenceSet Test)
{
    private const int Sequences = 128;
    private const int Steps = 40;

    /// <summary>Values that change slowly and are never negative, as those that leave a rectifier.</summary>
    public static CompressionData Features(int size)
    {
        var random = new Philox(7);
        var (values, noise, state) = (new float[Sequences * Steps * size], new double[size], new double[size]);
        for (var step = 0; step < Sequences * Steps; step++)
        {
            random.FillNormal<double>(noise, 1);
            for (var i = 0; i < size; i++)
            {
                state[i] = step % Steps == 0 ? noise[i] : 0.8 * state[i] + 0.6 * noise[i];
                values[step * size + i] = (float)Math.Max(0, state[i]);
            }
        }

        return Halves("random features (x_t = 0.8 x_(t-1) + 0.6 noise, rectified)", values, size);
    }

    /// <summary>Embeddings of characters: those of tinyshakespeare by how frequent they are, the rows of the checkpoint's embedding in their order.</summary>
    public static CompressionData Characters(string folder)
    {
        using var checkpoint = NpzArchive.Open(Path.Combine(folder, "ckpt_textgenrnn.npz"));
        using var text = NpzArchive.Open(Path.Combine(folder, "tinyshakespeare.npz"));
        var (rows, characters) = (checkpoint.Read("embedding.embeddings"), text.Read("x").As<byte>().ToArray());
        var (table, width) = (rows.As<float>().ToArray(), rows.Shape[1]);
        var place = characters.GroupBy(character => character).OrderByDescending(group => group.Count()).ThenBy(group => group.Key).Select((group, rank) => (group.Key, rank)).ToDictionary(pair => pair.Key, pair => pair.rank + 1);
        var values = new float[Sequences * Steps * width];
        for (var sequence = 0; sequence < Sequences; sequence++)
        {
            for (var step = 0; step < Steps; step++)
                table.AsSpan(place[characters[sequence * 8000 + step]] * width, width).CopyTo(values.AsSpan((sequence * Steps + step) * width));
        }

        return Halves("the checkpoint's embeddings of tinyshakespeare's characters, by frequency", values, width);
    }

    private static CompressionData Halves(string text, float[] values, int size)
    {
        var source = ArraySequenceSource.FromFloats(values, Steps, [size], new int[Sequences], [.. Enumerable.Repeat(Steps, Sequences)]);
        SequenceSet Part(int first) => new(source, Enumerable.Range(0, Sequences).Where(sample => sample % 2 == first).ToArray());
        return new CompressionData(text, Part(0), Part(1));
    }
}
