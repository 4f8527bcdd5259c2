using System.Diagnostics;

namespace HTensor.Bench;

/// <summary>Medians of interleaved runs: A B C A B C ..., so that a change of clock or a neighbour's load meets all alike.</summary>
internal static class Stopclock
{
    private const int Rounds = 21;
    private const double SecondsOfRun = 0.01;
    private const double SecondsOfWarmUp = 0.5;

    /// <summary>Seconds of one call of each.</summary>
    public static double[] Medians(IReadOnlyList<Action> actions)
    {
        var calls = new int[actions.Count];
        for (var a = 0; a < actions.Count; a++) calls[a] = int.Max(1, (int)(SecondsOfRun / WarmUp(actions[a])));
        var times = new double[actions.Count][];
        for (var a = 0; a < actions.Count; a++) times[a] = new double[Rounds];
        for (var round = 0; round < Rounds; round++)
        {
            for (var a = 0; a < actions.Count; a++) times[a][round] = Time(actions[a], calls[a]);
        }

        foreach (var t in times) Array.Sort(t);
        return [.. times.Select(t => t[Rounds / 2])];
    }

    private static double WarmUp(Action action)
    {
        var start = Stopwatch.GetTimestamp();
        var last = Time(action, 1);
        while (Stopwatch.GetElapsedTime(start).TotalSeconds < SecondsOfWarmUp) last = Time(action, 1);
        return last;
    }

    private static double Time(Action action, int calls)
    {
        var start = Stopwatch.GetTimestamp();
        for (var i = 0; i < calls; i++) action();
        return Stopwatch.GetElapsedTime(start).TotalSeconds / calls;
    }
}
