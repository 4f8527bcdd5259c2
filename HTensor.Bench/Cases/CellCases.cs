using HTensor.Kernels;

namespace HTensor.Bench;

/// <summary>The fused cells, 64 x 256 hidden units, beside as many of our own tanh passes as a cell has functions: its cost without the fusion's gain.</summary>
internal static class CellCases
{
    private const int Length = 64 * 256;

    public static IEnumerable<NamedCase> All() =>
    [
        new("lstm forward 64x256", LstmForward),
        new("lstm backward 64x256", LstmBackward),
        new("gru forward 64x256", GruForward),
        new("gru backward 64x256", GruBackward),
    ];

    // The gates are overwritten; values of any size cost the same.
    private static BenchCase LstmForward()
    {
        var s = Streams();
        return Case("lstm forward 64x256", 5 + 6, () => LstmCell.Forward<float>(s[0], s[1], s[2], s[3], s[4], s[5], s[6]), 5);
    }

    private static BenchCase LstmBackward()
    {
        var s = Streams();
        return Case("lstm backward 64x256", 8 + 9, () => LstmCell.Backward<float>(s[0], s[1], s[2], s[3], s[4], s[5], s[6], s[7], s[8], s[9], s[10], s[11]), 5);
    }

    private static BenchCase GruForward()
    {
        var s = Streams();
        return Case("gru forward 64x256", 5 + 5, () => GruCell.Forward<float>(s[0], s[1], s[2], s[3], s[4], s[5]), 3);
    }

    private static BenchCase GruBackward()
    {
        var s = Streams();
        return Case("gru backward 64x256", 6 + 9, () => GruCell.Backward<float>(s[0], s[1], s[2], s[3], s[4], s[5], s[6], s[7], s[8], s[9]), 3);
    }

    /// <param name="streamPasses">Streams read, written, and allocated by writing.</param>
    private static BenchCase Case(string name, int streamPasses, Action ours, int functions)
    {
        var streams = Streams();
        void Tanh()
        {
            for (var i = 0; i < functions; i++) Functions.Tanh<float>(streams[i], streams[i + functions]);
        }

        return new(name, typeof(float), 0, Length * 4.0 * streamPasses, ours, [new Peer($"{functions} tanh passes", Tanh)]);
    }

    private static float[][] Streams()
    {
        var random = new Philox(1);
        var streams = new float[12][];
        for (var s = 0; s < streams.Length; s++) random.FillNormal(streams[s] = new float[Length], 1f);
        return streams;
    }
}
