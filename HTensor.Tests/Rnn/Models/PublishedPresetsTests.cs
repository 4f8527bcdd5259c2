using HTensor.Rnn;

namespace HTensor.Tests.Rnn.Models;

/// <summary>Counts of arXiv 2005.04366 and what it compares with, and of arXiv 1802.10410; the block term's are what its formula gives.</summary>
public sealed class PublishedPresetsTests
{
    public static TheoryData<string, PresetScope, long, long> Counts => new()
    {
        { "lstm-ucf11", PresetScope.Input, 58_982_400, 58_982_400 },
        { "tt-lstm-ucf11", PresetScope.Input, 3_360, 58_982_400 },
        { "bt-lstm-ucf11-r1", PresetScope.Input, 722, 58_982_400 },
        { "bt-lstm-ucf11-r2", PresetScope.Input, 1_472, 58_982_400 },
        { "bt-lstm-ucf11-r4", PresetScope.Input, 3_392, 58_982_400 },
        { "tr-lstm-ucf11", PresetScope.Input, 1_725, 58_982_400 },
        { "ht-lstm-ucf11", PresetScope.Input, 1_245, 58_982_400 },
        { "ht-lstm-ytc", PresetScope.Input, 810, 58_982_400 },
        { "tt-lstm-ytc", PresetScope.Input, 3_392, 58_982_400 },
        { "tt-gru-ucf11", PresetScope.Input, 3_232, 44_236_800 },
        { "gru-music", PresetScope.Cell, 1_181_184, 1_181_184 },
        { "tt-gru-music-r3", PresetScope.Cell, 2_688, 1_181_184 },
        { "tt-gru-music-r5", PresetScope.Cell, 4_096, 1_181_184 },
        { "tt-gru-music-r7", PresetScope.Cell, 6_016, 1_181_184 },
        { "tt-gru-music-r9", PresetScope.Cell, 8_448, 1_181_184 },
        { "tt-gru-music-r11", PresetScope.Cell, 11_392, 1_181_184 },
        { "ht-gru-music-r3", PresetScope.Cell, 2_430, 1_181_184 },
        { "ht-gru-music-r5", PresetScope.Cell, 3_366, 1_181_184 },
        { "ht-gru-music-r7", PresetScope.Cell, 4_798, 1_181_184 },
        { "ht-gru-music-r9", PresetScope.Cell, 6_918, 1_181_184 },
        { "ht-gru-music-r11", PresetScope.Cell, 9_918, 1_181_184 },
        { "cp-gru-music-r10", PresetScope.Cell, 2_456, 1_181_184 },
        { "cp-gru-music-r30", PresetScope.Cell, 4_296, 1_181_184 },
        { "cp-gru-music-r50", PresetScope.Cell, 6_136, 1_181_184 },
        { "cp-gru-music-r80", PresetScope.Cell, 8_896, 1_181_184 },
        { "cp-gru-music-r110", PresetScope.Cell, 11_656, 1_181_184 },
        { "tucker-gru-music-2222", PresetScope.Cell, 2_232, 1_181_184 },
    };

    [Theory]
    [MemberData(nameof(Counts))]
    public void Counts_come_out(string name, PresetScope scope, long parameters, long denseParameters)
    {
        var preset = PublishedPresets.Find(name);
        Assert.NotNull(preset);
        Assert.Equal((scope, parameters, denseParameters), (preset.Scope, preset.Parameters, preset.DenseParameters));
    }

    [Fact]
    public void Every_preset_is_counted_above() => Assert.Equal(Counts.Select(row => row.Data.Item1), PublishedPresets.All.Select(preset => preset.Name));

    [Fact]
    public void Only_the_block_term_papers_print_another_count_and_no_paper_has_an_ht_gru()
    {
        Assert.Equal(["bt-lstm-ucf11-r1", "bt-lstm-ucf11-r2", "bt-lstm-ucf11-r4"],
            PublishedPresets.All.Where(preset => preset.PrintedParameters is { } printed && printed != preset.Parameters).Select(preset => preset.Name));
        Assert.All(PublishedPresets.All, preset => Assert.Equal(preset.Name.StartsWith("ht-gru", StringComparison.Ordinal), preset.PrintedParameters is null));
    }

    [Fact]
    public void There_is_no_other_name() => Assert.Null(PublishedPresets.Find("HT-LSTM-UCF11"));
}
