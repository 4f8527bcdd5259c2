using HTensor.Kernels;

namespace HTensor.Bench;

/// <summary>The fused cell, 64 x 256 hidden units, beside five of our own tanh passes over as many elements: its cost without the fusion's gain.</summary>
internal static class LstmCases
{
    private const int Length = 64 * 256;

    public static IEnumerable<NamedCase> All() => [new("lstm forward 64x256", Forward), new("lstm backward 64x256", Backward)];

    private static BenchCase Forward()
    {
        var (s, before) = (Streams(), Streams());
        void Run()
        {
            // The gates are overwritten; values of any size cost the same.
            LstmCell.Forward<float>(s[0], s[1], s[2], s[3], s[4], s[5], s[6]);
        }

        return new("lstm forward 64x256", typeof(float), 0, Length * 4.0 * (5 + 6), Run, [FiveTanh(before)]);
    }

    private static BenchCase Backward()
    {
        var (s, before) = (Streams(), Streams());
        void Run() => LstmCell.Backward<float>(s[0], s[1], s[2], s[3], s[4], s[5], s[6], s[7], s[8], s[9], s[10], s[11]);
        return new("lstm backward 64x256", typeof(float), 0, Length * 4.0 * (8 + 9), Run, [FiveTanh(before)]);
    }

    private static Peer FiveTanh(float[][] streams) => new("five tanh passes", () =>
    {
        for (var i = 0; i < 5; i++) Functions.Tanh<float>(streams[i], streams[i + 5]);
    });

    private static float[][] Streams()
    {
        var random = new Philox(1);
        var streams = new float[12][];
        for (var s = 0; s < streams.Length; s++) random.FillNormal(streams[s] = new float[Length], 1f);
        return streams;
    }
}
