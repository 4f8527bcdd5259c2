using System.Diagnostics;
using System.Globalization;
using HTensor.Core;
using HTensor.Kernels;
using HTensor.Rnn;

namespace HTensor.Bench;

/// <summary>
/// <c>plans</c>: the planner's choice for each published layer and batch beside the fastest of the plans around it, forward and backward, all
/// of them timed; then the two in turns.
/// </summary>
internal static class PlansCommand
{
    private const int MostPlans = 80;
    private const double SecondsEach = 0.06;

    private static readonly string[] Presets = ["ht-lstm-ucf11", "tt-lstm-ucf11", "tr-lstm-ucf11", "bt-lstm-ucf11-r4"];
    private static readonly int[] Batches = [1, 16, 96, 1024];

    public static int Run()
    {
        Console.WriteLine("layer              samples   plans  chosen ms  fastest ms  chosen / fastest");
        foreach (var name in Presets)
        {
            foreach (var batch in Batches) Compare(name, PublishedPresets.Find(name)!.Input().Network, batch);
        }

        return 0;
    }

    private static void Compare(string name, MatrixNetwork matrix, int batch)
    {
        var units = LaneBlock.Count(batch);
        var samples = units * LaneBlock.Width;
        var chosen = LaneContraction.Plan(matrix, samples);
        var input = LayerCases.RandomInput(matrix, units);
        var plans = PlanSearch.Around([chosen, LaneContraction.Plan(matrix, samples, PlanObjective.MultiplyAdds)], MostPlans);
        var fastest = plans.MinBy(plan => Least(LayerCases.Pass(matrix, units, input, plan)))!;
        var (ours, other) = (LayerCases.Pass(matrix, units, input, chosen), LayerCases.Pass(matrix, units, input, fastest));
        var medians = Stopclock.Medians([calls => Stopclock.Time(ours, calls), calls => Stopclock.Time(other, calls)]);
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"{name,-18} {batch,7} {plans.Count,7} {medians[0] * 1e3,10:F3} {medians[1] * 1e3,11:F3} {medians[0] / medians[1],17:F2}"));
    }

    private static double Least(Action pass)
    {
        pass();
        var (start, least) = (Stopwatch.GetTimestamp(), double.PositiveInfinity);
        do
        {
            var before = Stopwatch.GetTimestamp();
            pass();
            least = Math.Min(least, Stopwatch.GetElapsedTime(before).TotalSeconds);
        }
        while (Stopwatch.GetElapsedTime(start).TotalSeconds < SecondsEach);
        return least;
    }
}
