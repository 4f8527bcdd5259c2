using HTensor.Core;

namespace HTensor.Rnn;

/// <summary>
/// The published settings. UCF11 (frames of 57,600 values) and YouTube Celebrities: Yin et al., arXiv 2005.04366, and what it compares with.
/// Polyphonic music: Tjandra, Sakti, Nakamura, arXiv 1802.10410; its HT-GRU is ours, in no paper.
/// </summary>
public static class PublishedPresets
{
    private static readonly int[] Ucf11Modes = [8, 20, 20, 18];
    private static readonly int[] Hidden256 = [4, 4, 4, 4];
    private static readonly int[] MusicModes = [4, 4, 4, 4];
    private static readonly int[] Hidden512 = [8, 4, 4, 4];

    /// <summary>All of them, in the order in which they are shown.</summary>
    public static IReadOnlyList<Preset> All { get; } = [.. Video(), .. Music()];

    /// <summary>The preset of this name; null if there is none.</summary>
    public static Preset? Find(string name) => All.FirstOrDefault(preset => preset.Name == name);

    private static IEnumerable<Preset> Video() =>
    [
        Input("lstm-ucf11", WeightFormat.Dense, [57_600], [256], 58_982_400),
        Input("tt-lstm-ucf11", WeightFormat.TensorTrain(4), Ucf11Modes, Hidden256, 3_360),
        Input("bt-lstm-ucf11-r1", WeightFormat.BlockTerm(2, 1), Ucf11Modes, Hidden256, 721),
        Input("bt-lstm-ucf11-r2", WeightFormat.BlockTerm(2, 2), Ucf11Modes, Hidden256, 1_470),
        Input("bt-lstm-ucf11-r4", WeightFormat.BlockTerm(2, 4), Ucf11Modes, Hidden256, 3_387),
        Input("tr-lstm-ucf11", WeightFormat.TensorRing(5, 10), [4, 2, 5, 8, 6, 5, 3, 2], [4, 4, 2, 4, 2], 1_725),
        Input("ht-lstm-ucf11", WeightFormat.HierarchicalTucker(4, 5), [8, 10, 10, 9, 8], [4, 4, 2, 4, 2], 1_245),
        Input("ht-lstm-ytc", WeightFormat.HierarchicalTucker(3, 3), [8, 10, 10, 9, 8], [4, 4, 2, 4, 2], 810),
        Input("tt-lstm-ytc", WeightFormat.TensorTrain(4), [4, 20, 20, 36], Hidden256, 3_392),
        Input("tt-gru-ucf11", WeightFormat.TensorTrain(4), Ucf11Modes, Hidden256, 3_232) with { Cell = CellKind.Gru },
    ];

    private static IEnumerable<Preset> Music() =>
    [
        MusicCell("gru-music", WeightFormat.Dense, 1_181_184),
        MusicCell("tt-gru-music-r3", WeightFormat.TensorTrain(3), 2_688),
        MusicCell("tt-gru-music-r5", WeightFormat.TensorTrain(5), 4_096),
        MusicCell("tt-gru-music-r7", WeightFormat.TensorTrain(7), 6_016),
        MusicCell("tt-gru-music-r9", WeightFormat.TensorTrain(9), 8_448),
        MusicCell("tt-gru-music-r11", WeightFormat.TensorTrain(11), 11_392),
        MusicCell("ht-gru-music-r3", WeightFormat.HierarchicalTucker(3, 3), null),
        MusicCell("ht-gru-music-r5", WeightFormat.HierarchicalTucker(5, 5), null),
        MusicCell("ht-gru-music-r7", WeightFormat.HierarchicalTucker(7, 7), null),
        MusicCell("ht-gru-music-r9", WeightFormat.HierarchicalTucker(9, 9), null),
        MusicCell("ht-gru-music-r11", WeightFormat.HierarchicalTucker(11, 11), null),
        MusicCell("cp-gru-music-r10", WeightFormat.CanonicalPolyadic(10), 2_456),
        MusicCell("cp-gru-music-r30", WeightFormat.CanonicalPolyadic(30), 4_296),
        MusicCell("cp-gru-music-r50", WeightFormat.CanonicalPolyadic(50), 6_136),
        MusicCell("cp-gru-music-r80", WeightFormat.CanonicalPolyadic(80), 8_896),
        MusicCell("cp-gru-music-r110", WeightFormat.CanonicalPolyadic(110), 11_656),
        MusicCell("tucker-gru-music-2222", WeightFormat.Tucker(2), 2_232),
    ];

    private static Preset Input(string name, IMatrixFormat format, IReadOnlyList<int> inputModes, IReadOnlyList<int> hiddenModes, long printed) => new()
    {
        Name = name,
        Cell = CellKind.Lstm,
        Scope = PresetScope.Input,
        Format = format,
        InputModes = inputModes,
        HiddenModes = hiddenModes,
        PrintedParameters = printed,
    };

    private static Preset MusicCell(string name, IMatrixFormat format, long? printed) => new()
    {
        Name = name,
        Cell = CellKind.Gru,
        Scope = PresetScope.Cell,
        Format = format,
        InputModes = MusicModes,
        HiddenModes = Hidden512,
        GateMode = GateMode.Last,
        PrintedParameters = printed,
    };
}
