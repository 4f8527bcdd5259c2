namespace HTensor.Bench;

/// <summary>Where the tool's own settings come from: plain training, nothing else changed, every rate in turn, judged on validation samples.</summary>
internal static class DefaultExperiments
{
    private static readonly SearchSpace Rates = SearchSpace.Every(
    [
        ("--learning-rate", ["0.002", "0.003", "0.005", "0.008", "0.012"]),
        ("--dropout", ["0.5", "0.25"]),
    ]);

    public static Experiment Video { get; } = Table("defaults-video", "Learning rate and dropout of plain training: spoken digits on video, 48x36", "grid_s1_digits.npz", "--epochs 30",
        Rates.With("--learning-rate", "0.0001", "0.0002", "0.0004", "0.0008", "0.0016"));

    public static Experiment Speech { get; } = Table("defaults-speech", "Learning rate and dropout of plain training: spoken digits, 64 log-mel bands", "fsdd_logmel64.npz", "--epochs 10 --group-by-length", Rates);

    public static Experiment Vowels { get; } = Table("defaults-vowels", "Learning rate and dropout of plain training: Japanese vowels, 12 cepstra", "japanesevowels.npz", "--epochs 30", Rates);

    private static Experiment Table(string name, string title, string data, string common, SearchSpace dense) => new()
    {
        Name = name,
        Title = title,
        Data = data,
        Common = common,
        Spaces = new Dictionary<string, SearchSpace> { ["cores"] = Rates, ["dense"] = dense },
        Candidates = Rates.Count,
        Survivors = 3,
        SearchSeeds = 3,
        Seeds = 1,
        Reference = "HT",
        Rows =
        [
            new("HT", "--format ht"),
            new("TT", "--format tt"),
            new("TR", "--format tr"),
            new("BT", "--format bt"),
            new("HT, U in HT", "--format ht --recurrent-format ht"),
            new("dense", "--format dense") { Space = "dense" },
        ],
        Note = "Everything else as `htensor train` does it unasked.",
    };
}
