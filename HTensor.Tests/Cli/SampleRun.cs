using HTensor.Cli;

namespace HTensor.Tests;

/// <summary>A small run's results.</summary>
internal static class SampleRun
{
    public static RunReport Report() => new()
    {
        Title = "HT-LSTM on <generated video>",
        Figures = Summary().Figures(),
        Parameters = Summary().Parameters(),
        Epochs = [new(1, 2.1, 1.9, 0.31, 10.5), new(2, 1.2, 1.1, 0.64, 10.1), new(3, 0.5, 0.45, 0.91, 10.2)],
        Confusion = Confusion(),
        Settings = [new("input modes", "8,10,10,9,8"), new("seed", "1")],
    };

    public static TrainSummary Summary() => new()
    {
        Format = "ht",
        RecurrentFormat = "dense",
        InputParameters = 1245,
        DenseInputParameters = 58_982_400,
        CellParameters = 264_413,
        DenseCellParameters = 59_245_568,
        ModelParameters = 267_240,
        Epochs = 3,
        TrainLoss = 0.5,
        TestAccuracy = 0.75,
        SecondsTotal = 31.25,
        MillisecondsPerStep = 12.5,
        PeakMemoryMegabytes = 120,
        Seed = 1,
        Threads = 2,
        WeightsSha256 = new string('a', 64),
        Run = "runs/x",
    };

    public static ConfusionMatrix Confusion()
    {
        var matrix = new ConfusionMatrix(["east", "west & <still>"]);
        matrix.Add(0, 0);
        matrix.Add(0, 0);
        matrix.Add(0, 1);
        matrix.Add(1, 1);
        return matrix;
    }
}
