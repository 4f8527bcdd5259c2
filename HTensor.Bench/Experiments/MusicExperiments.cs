namespace HTensor.Bench;

/// <summary>Polyphonic music: arXiv 1802.10410's GRUs, both matrices in a format, and HT at counts beside theirs.</summary>
internal static class MusicExperiments
{
    private const string Long = "--group-by-length --truncate-steps 50";

    public static Experiment Chorales { get; } = Table("music-jsb", "JSB chorales", "poly_jsb_chorales.npz", "--epochs 40", Few, ["8.32", "8.37", "8.57", "8.60"], 5);

    public static Experiment Nottingham { get; } = Table("music-nottingham", "Nottingham", "poly_nottingham.npz", Long, Many, ["3.37", "3.49", "3.71", "3.79"], 1);

    public static Experiment Piano { get; } = Table("music-piano", "Piano-midi.de", "poly_piano_midi.npz", $"{Long} --epochs 24", Few, ["7.53", "7.60", "7.98", "8.15"], 1);

    private static string Few(string row) => row == "GRU" ? "--learning-rate 0.002 --weight-decay 0.01 --dropout 0.3" : "--learning-rate 0.007 --weight-decay 0.0001 --dropout 0.2";

    /// <summary>What validation pieces preferred of some trainings of each kind. Cores learn slowly where much of the read-out is dropped, dense matrices the pieces by heart where little is.</summary>
    private static string Many(string row) => row switch
    {
        "GRU" => "--epochs 60 --learning-rate 0.0015 --weight-decay 0.01 --dropout 0.35 --recurrent-dropout 0.15",
        "TT-GRU 8,448" or "HT-GRU 2,430" or "HT-GRU 3,366" => Cores("0.005"),
        _ => Cores("0.008"),
    };

    private static string Cores(string rate) => $"--epochs 48 --learning-rate {rate} --weight-decay 0.01 --dropout 0.06 --recurrent-dropout 0.1";

    private static Experiment Table(string name, string title, string data, string length, Func<string, string> settings, string[] published, int seeds)
    {
        return new()
        {
            Name = name,
            Title = $"Polyphonic music, {title}: the next notes",
            Data = data,
            Common = $"--task next-notes --batch 16 {length}",
            Reference = "HT-GRU 3,366",
            Rows =
            [
                Row("GRU", "gru-music", published[0]),
                Row("TT-GRU 2,688", "tt-gru-music-r3", published[1]),
                Row("TT-GRU 4,096", "tt-gru-music-r5", published[1]),
                Row("TT-GRU 8,448", "tt-gru-music-r9", published[1]),
                Row("HT-GRU 2,430", "ht-gru-music-r3"),
                Row("HT-GRU 3,366", "ht-gru-music-r5"),
                Row("Tucker-GRU 2,232", "tucker-gru-music-2222", published[2]),
                Row("CP-GRU 4,296", "cp-gru-music-r30", published[3]),
            ],
            FinalOptions = "",
            Seeds = seeds,
            IsLikelihood = true,
            Note = "The published split; the test figure is that of the epoch of best validation. Less is better. The published figure is of the paper's best count; it has two settings here, one for cores and one for dense matrices.",
        };

        ExperimentRow Row(string row, string model, string? published = null) => new(row, $"--preset {model}") { Settings = settings(row), Published = published };
    }
}
