namespace HTensor.Bench;

/// <summary>Polyphonic music: arXiv 1802.10410's GRUs, both matrices in a format, and HT at counts beside theirs.</summary>
internal static class MusicExperiments
{
    private const string Long = "--group-by-length --truncate-steps 50";

    private static readonly (string Cores, string Dense) Few = ("--learning-rate 0.007 --weight-decay 0.0001 --dropout 0.2", "--learning-rate 0.002 --weight-decay 0.01 --dropout 0.3");

    /// <summary>What validation pieces preferred of some trainings of each kind. Cores learn slowly where much of the read-out is dropped, dense matrices the pieces by heart where little is.</summary>
    private static readonly (string Cores, string Dense) Many =
        ("--epochs 48 --learning-rate 0.005 --weight-decay 0.01 --dropout 0.06 --recurrent-dropout 0.1", "--epochs 60 --learning-rate 0.0015 --weight-decay 0.01 --dropout 0.35 --recurrent-dropout 0.15");

    public static Experiment Chorales { get; } = Table("music-jsb", "JSB chorales", "poly_jsb_chorales.npz", "--epochs 40", Few, ["8.32", "8.37", "8.57", "8.60"], 5);

    public static Experiment Nottingham { get; } = Table("music-nottingham", "Nottingham", "poly_nottingham.npz", Long, Many, ["3.37", "3.49", "3.71", "3.79"], 1);

    public static Experiment Piano { get; } = Table("music-piano", "Piano-midi.de", "poly_piano_midi.npz", $"{Long} --epochs 24", Few, ["7.53", "7.60", "7.98", "8.15"], 1);

    private static Experiment Table(string name, string title, string data, string length, (string Cores, string Dense) settings, string[] published, int seeds) => new()
    {
        Name = name,
        Title = $"Polyphonic music, {title}: the next notes",
        Data = data,
        Common = $"--task next-notes --batch 16 {length}",
        Reference = "HT-GRU 3,366",
        Rows =
        [
            new("GRU", "--preset gru-music") { Settings = settings.Dense, Published = published[0] },
            new("TT-GRU 2,688", "--preset tt-gru-music-r3") { Settings = settings.Cores, Published = published[1] },
            new("TT-GRU 4,096", "--preset tt-gru-music-r5") { Settings = settings.Cores, Published = published[1] },
            new("TT-GRU 8,448", "--preset tt-gru-music-r9") { Settings = settings.Cores, Published = published[1] },
            new("HT-GRU 2,430", "--preset ht-gru-music-r3") { Settings = settings.Cores },
            new("HT-GRU 3,366", "--preset ht-gru-music-r5") { Settings = settings.Cores },
            new("Tucker-GRU 2,232", "--preset tucker-gru-music-2222") { Settings = settings.Cores, Published = published[2] },
            new("CP-GRU 4,296", "--preset cp-gru-music-r30") { Settings = settings.Cores, Published = published[3] },
        ],
        FinalOptions = "",
        Seeds = seeds,
        IsLikelihood = true,
        Note = "The published split; the test figure is that of the epoch of best validation. Less is better. The published figure is of the paper's best count; it has two settings here, one for cores and one for dense matrices.",
    };
}
