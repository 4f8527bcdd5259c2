namespace HTensor.Bench;

/// <summary>The claim of arXiv 2005.04366 on video: which format is the most accurate at how many parameters.</summary>
internal static class VideoExperiments
{
    private const string Digits = "grid_s1_digits.npz";
    private const string Modes = "--input-modes 6,6,12,12 --hidden-modes 4,4,4,4";
    private const string Moving = "--step-input differences --epochs 40";

    private static readonly SearchSpace Cores = new(
    [
        ("--learning-rate", ["0.001", "0.002", "0.003", "0.005", "0.008"]),
        ("--weight-decay", ["0", "0.01", "0.1", "0.3"]),
        ("--dropout", ["0", "0.25", "0.5"]),
        ("--recurrent-dropout", ["", "0.2"]),
        ("--input-dropout", ["", "0.1"]),
        ("--shift", ["1", "2", "3"]),
        ("--flip", ["", "0.5"]),
        ("--brightness", ["", "0.3"]),
        ("--time-jitter", ["", "1"]),
        ("--label-smoothing", ["", "0.1"]),
        ("--averaging", ["", "0.99"]),
        ("--readout", ["", "mean"]),
    ]);

    private static readonly Dictionary<string, SearchSpace> Spaces = new()
    {
        ["cores"] = Cores with { Beyond = ["0.012", "0.018"] },
        // Adam moves a pre-activation over a dense matrix by up to N times the rate.
        ["dense"] = Cores.With("--learning-rate", "0.00003", "0.0001", "0.0002", "0.0004", "0.0008") with { Beyond = ["0.0012", "0.0018"] },
    };

    /// <summary>Five formats at three counts, within 10 % of one another; the settings of the first count hold for the others.</summary>
    public static Experiment Formats { get; } = new()
    {
        Name = "video",
        Title = "Spoken digits on video, 48x36: five formats",
        Data = Digits,
        Common = Moving,
        Spaces = Spaces,
        Candidates = 6,
        Survivors = 2,
        SearchSeeds = 2,
        Reference = "HT 1.7k",
        Rows =
        [
            new("HT 1.0k", $"--format ht --rank 4 --inner-rank 5 {Modes}") { SettingsOf = "HT 1.7k" },
            new("TT 1.0k", $"--format tt --rank 3 {Modes}") { SettingsOf = "TT 1.7k" },
            new("TR 1.0k", $"--format tr --rank 4 {Modes}") { SettingsOf = "TR 1.7k" },
            new("BT 1.0k", $"--format bt --blocks 1 --rank 4 {Modes}") { SettingsOf = "BT 1.7k" },
            new("HT 1.7k", $"--format ht --rank 5 --inner-rank 10 {Modes}"),
            new("TT 1.7k", $"--format tt --rank 4 {Modes}"),
            new("TR 1.7k", $"--format tr --rank 5 {Modes}"),
            new("BT 1.7k", $"--format bt --blocks 1 --rank 5 {Modes}"),
            new("HT 3.4k", $"--format ht --rank 8 --inner-rank 12 {Modes}") { SettingsOf = "HT 1.7k" },
            new("TT 3.4k", $"--format tt --rank 6 {Modes}") { SettingsOf = "TT 1.7k" },
            new("TR 3.4k", $"--format tr --rank 7 {Modes}") { SettingsOf = "TR 1.7k" },
            new("BT 3.4k", $"--format bt --blocks 2 --rank 5 {Modes}") { SettingsOf = "BT 1.7k" },
            new("dense", "--format dense --hidden 256") { Space = "dense" },
            new("HT, U in HT", $"--format ht --recurrent-format ht --rank 4 --inner-rank 5 {Modes}"),
            new("HT GRU 1.7k", $"--cell gru --format ht --rank 5 --inner-rank 10 {Modes}") { SettingsOf = "HT 1.7k" },
            new("dense GRU", "--cell gru --format dense --hidden 256") { SettingsOf = "dense" },
        ],
        Note = "800 clips to train on, 200 to test, 10 classes; chance is 10 %, kernel ridge regression on the pixels has 79. All models read the differences of frames. "
            + "With one block BT is Tucker. The published figures are of another set (UCF11): LSTM 69.7, TT 79.6, BT 85.3, TR 86.9, HT 87.9.",
    };

    /// <summary>What each part of the training does, for HT and dense.</summary>
    public static Experiment Parts { get; } = new()
    {
        Name = "parts",
        Title = "What each part of the training gives: spoken digits on video",
        Data = Digits,
        Common = "--epochs 60",
        Reference = "HT, all",
        Rows = [.. Ablation("HT", $"--format ht --rank 5 --inner-rank 10 {Modes} --learning-rate 0.003"), .. Ablation("dense", "--format dense --hidden 256 --learning-rate 0.0002", 1)],
        Seeds = 3,
        Note = "All: differences of frames, shift 2, flip, time jitter, averaged weights; each row leaves one out, the last has none.",
    };

    /// <summary>The published presets at the published frame size.</summary>
    public static Experiment Large { get; } = new()
    {
        Name = "video-large",
        Title = "Spoken digits on video, enlarged to 160x120: the published presets",
        Data = Digits,
        Common = "--resize 160x120 --step-input differences",
        Reference = "HT",
        Rows =
        [
            new("HT", "--preset ht-lstm-ucf11") { Settings = LargeSettings, Published = "87.9 (UCF11)" },
            new("TT", "--preset tt-lstm-ucf11") { Settings = LargeSettings, Published = "79.6 (UCF11)" },
            new("TR", "--preset tr-lstm-ucf11") { Settings = LargeSettings, Published = "86.9 (UCF11)" },
            new("BT", "--preset bt-lstm-ucf11-r4") { Settings = LargeSettings, Published = "85.3 (UCF11)" },
        ],
        Seeds = 3,
        Note = "Fewer epochs and seeds than at 48x36; the settings are those that most formats chose there, shift in the larger pixels. The dense LSTM of 58,982,400 input parameters takes 22 times as long a step and is not run.",
    };

    /// <summary>Rules for the first values of the cores.</summary>
    public static Experiment Initialization { get; } = new()
    {
        Name = "initialization",
        Title = "How the cores begin: HT on spoken digits on video",
        Data = Digits,
        Common = "--step-input differences --epochs 60 --format ht --rank 5 --inner-rank 10 --input-modes 6,6,12,12 --hidden-modes 4,4,4,4",
        Reference = "right variance",
        Rows =
        [
            new("right variance", "") { Settings = InitializationSettings },
            new("orthonormal frames", "") { Settings = InitializationSettings, Initialization = InputInitialization.Orthonormal },
            new("Glorot a core", "") { Settings = InitializationSettings, Initialization = InputInitialization.CoreGlorot },
            new("0.5 a core", "") { Settings = InitializationSettings, Initialization = InputInitialization.Constant },
            new("no root", "") { Settings = InitializationSettings, Initialization = InputInitialization.NoRoot },
        ],
        Seeds = 5,
        Note = "Right variance: normal cores scaled until the mean square of W is 1 / N, as the tool does. Glorot a core: variance 2 / (first size + product of the others). "
            + "0.5 a core: one LSTM kit's rule. No root: one tensor-train library leaves a square root out of the cores' deviation, so that W is too small.",
    };

    /// <summary>Fights in surveillance video.</summary>
    public static Experiment Fights { get; } = new()
    {
        Name = "fights",
        Title = "Fight or no fight, surveillance video at 160x120",
        Data = "surv_fight_160x120_sub96.npz",
        Common = "--step-input differences --epochs 60",
        Reference = "HT",
        Rows =
        [
            new("HT", "--preset ht-lstm-ucf11") { Settings = LargeFlip },
            new("TT", "--preset tt-lstm-ucf11") { Settings = LargeFlip },
            new("TR", "--preset tr-lstm-ucf11") { Settings = LargeFlip },
            new("BT", "--preset bt-lstm-ucf11-r4") { Settings = LargeFlip },
        ],
        Note = "64 clips to train on, 32 to test: an interval of 17 points from the test alone. Kernel ridge regression on the pixels is at chance, 50 %.",
    };

    /// <summary>For whoever has the videos: <c>htensor prepare</c> makes the file.</summary>
    public static Experiment Ucf11 { get; } = new()
    {
        Name = "ucf11",
        Title = "UCF11, the published set",
        Data = "ucf11.npz",
        Common = "--epochs 100",
        Reference = "HT",
        Rows =
        [
            new("LSTM", "--preset lstm-ucf11") { Settings = "--learning-rate 0.0001 --dropout 0.25 --flip 0.5", Published = "69.7" },
            new("TT", "--preset tt-lstm-ucf11") { Settings = LargeFlip, Published = "79.6" },
            new("BT", "--preset bt-lstm-ucf11-r4") { Settings = LargeFlip, Published = "85.3" },
            new("TR", "--preset tr-lstm-ucf11") { Settings = LargeFlip, Published = "86.9" },
            new("HT", "--preset ht-lstm-ucf11") { Settings = LargeFlip, Published = "87.9" },
        ],
        FinalOptions = "--validation 0.1",
        Note = "Made by `htensor prepare UCF11 --size 160x120 --frames 6 --out ucf11.npz --fold 1`; folds 1 to 5 give the five test parts, each of whole groups.",
    };

    private const string LargeSettings = "--epochs 40 --learning-rate 0.003 --weight-decay 0.1 --dropout 0.25 --shift 6 --flip 0.5 --averaging 0.99";
    private const string LargeFlip = "--learning-rate 0.003 --weight-decay 0.1 --dropout 0.25 --shift 6 --flip 0.5 --averaging 0.99";
    private const string InitializationSettings = "--learning-rate 0.003 --weight-decay 0.1 --dropout 0.5 --shift 2 --flip 0.5";

    private static IEnumerable<ExperimentRow> Ablation(string name, string model, int seeds = 0)
    {
        (string Name, string Option)[] parts = [("differences", "--step-input differences"), ("shift", "--shift 2"), ("flip", "--flip 0.5"), ("time jitter", "--time-jitter 1"), ("averaging", "--averaging 0.99")];
        yield return Row("all", parts.Select(part => part.Option));
        foreach (var left in parts) yield return Row($"without {left.Name}", parts.Where(part => part != left).Select(part => part.Option));
        yield return Row("none", []);

        ExperimentRow Row(string what, IEnumerable<string> options) => new($"{name}, {what}", model) { Settings = string.Join(' ', options), Seeds = seeds };
    }
}
