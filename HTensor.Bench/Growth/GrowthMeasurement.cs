using System.Diagnostics;
using HTensor.Core;
using HTensor.Kernels;
using HTensor.Rnn;

namespace HTensor.Bench;

/// <summary>Time and memory of a training step at one setting of one format.</summary>
/// <param name="Milliseconds">The least of several steps: what other work on the machine adds is no growth.</param>
/// <param name="Megabytes">Managed memory that model, tape and optimizer hold, in 10^6 bytes, the frames' bytes left out.</param>
internal sealed record GrowthMeasurement(double Milliseconds, double Megabytes)
{
    private const double SecondsAPoint = 0.5;
    private const long LargestDense = 500_000_000;

    /// <summary>Formats by name and settings for a rank.</summary>
    public static IReadOnlyList<(string Name, Func<int, IMatrixFormat> Format)> Formats { get; } =
    [
        ("ht", rank => WeightFormat.HierarchicalTucker(rank, Math.Min(rank + 1, rank * rank))),
        ("tt", rank => WeightFormat.TensorTrain(rank)),
        ("tr", rank => WeightFormat.TensorRing(rank)),
        ("bt", rank => WeightFormat.BlockTerm(2, rank)),
        ("dense", _ => WeightFormat.Dense),
    ];

    /// <summary>Null where the format cannot take the setting: a rank above what the modes allow, or a dense matrix too large.</summary>
    public static GrowthMeasurement? Of(IMatrixFormat format, GrowthPoint point, ThreadTeam team)
    {
        if (format is DenseFormat && 4L * point.FrameSize * point.Hidden > LargestDense) return null;
        var source = new RepeatedClip(point.Batch, point.Steps, point.FrameSize);
        var before = GC.GetTotalMemory(forceFullCollection: true);
        TrainingWorkload<float> step;
        try
        {
            step = new TrainingWorkload<float>(Options(format, point), source, point.Batch, team);
        }
        catch (ArgumentException)
        {
            return null;
        }

        step.Run();
        var bytes = GC.GetTotalMemory(forceFullCollection: true) - before;
        var least = double.PositiveInfinity;
        var start = Stopwatch.GetTimestamp();
        while (Stopwatch.GetElapsedTime(start).TotalSeconds < SecondsAPoint)
        {
            var stepStart = Stopwatch.GetTimestamp();
            step.Run();
            least = Math.Min(least, Stopwatch.GetElapsedTime(stepStart).TotalMilliseconds);
        }

        return new GrowthMeasurement(least, bytes / 1e6);
    }

    private static ModelOptions Options(IMatrixFormat format, GrowthPoint point) => new()
    {
        InputModes = ModeFactorization.Factor(point.FrameSize, point.Order),
        HiddenModes = ModeFactorization.Factor(point.Hidden, point.Order),
        InputWeights = format,
        Classes = ["a", "b"],
    };
}
