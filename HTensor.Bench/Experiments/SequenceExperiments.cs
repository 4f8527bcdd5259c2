namespace HTensor.Bench;

/// <summary>Speech, rows of digits and vowels, whole cells in a format included.</summary>
internal static class SequenceExperiments
{
    private static readonly SearchSpace Cores = new(
    [
        ("--learning-rate", ["0.002", "0.003", "0.005", "0.01"]),
        ("--weight-decay", ["0", "0.01", "0.1"]),
        ("--dropout", ["0", "0.25", "0.5"]),
        ("--shift", ["", "1"]),
        ("--time-jitter", ["", "2"]),
        ("--label-smoothing", ["", "0.1"]),
        ("--averaging", ["", "0.99"]),
    ]);

    private static readonly Dictionary<string, SearchSpace> Spaces = new() { ["cores"] = Cores with { Beyond = ["0.02"] }, ["dense"] = Cores.With("--learning-rate", "0.0005", "0.001", "0.002", "0.005") with { Beyond = ["0.01"] } };

    public static Experiment Speech { get; } = Table("speech", "Spoken digits, 64 log-mel bands", "fsdd_logmel64.npz", "--input-modes 4,4,4 --hidden-modes 8,4,4", "--hidden 128", "--epochs 20 --batch 32 --group-by-length",
        "2,700 to train on, 300 to test, the corpus's own split.", 5);

    public static Experiment Rows { get; } = Table("rows", "MNIST, rows as steps, 10,000 digits", "mnist10k.npz", "--input-modes 7,2,2 --hidden-modes 8,4,4", "--hidden 128", "--epochs 12 --batch 64",
        "8,000 to train on, 2,000 to test: not comparable with figures of 60,000 and 10,000.", 4);

    public static Experiment Vowels { get; } = Table("vowels", "Japanese vowels, 12 cepstra", "japanesevowels.npz", "--input-modes 3,2,2 --hidden-modes 8,4,4", "--hidden 128", "--epochs 60",
        "270 to train on, 370 to test, the published split.", 8);

    private static Experiment Table(string name, string title, string data, string modes, string hidden, string common, string note, int candidates) => new()
    {
        Name = name,
        Title = title,
        Data = data,
        Common = common,
        Spaces = Spaces,
        Candidates = candidates,
        Survivors = 2,
        SearchSeeds = 2,
        Reference = "HT, U in HT",
        Rows =
        [
            new("HT, U in HT", $"--format ht --recurrent-format ht --rank 4 --inner-rank 5 {modes}"),
            new("TT, U in TT", $"--format tt --recurrent-format tt --rank 4 {modes}"),
            new("TR, U in TR", $"--format tr --recurrent-format tr --rank 4 {modes}"),
            new("BT, U in BT", $"--format bt --recurrent-format bt --blocks 2 --rank 3 {modes}"),
            new("dense", $"--format dense {hidden}") { Space = "dense" },
        ],
        Note = note,
    };
}
