using System.Diagnostics;

namespace HTensor.Bench;

/// <summary>Medians of interleaved runs: A B C A B C ..., so that a change of clock or a neighbour's load meets all alike.</summary>
internal static class Stopclock
{
    private const int Rounds = 21;
    private const double SecondsOfRun = 0.01;
    private const double SecondsOfWarmUp = 0.5;
    private const int RoundsToCompile = 3;
    private const int CallsToCompile = 40;
    private const int PauseToCompile = 200;

    public static double Median(Action action) => Medians([calls => Time(action, calls)])[0];

    /// <summary>
    /// Seconds of one call of each. <paramref name="settle"/>: the pause before each run, in which another library's threads go to sleep; several
    /// threads need it, or whoever comes next shares its cores with them.
    /// </summary>
    public static double[] Medians(IReadOnlyList<Func<int, double>> actions, TimeSpan settle = default)
    {
        var calls = new int[actions.Count];
        for (var a = 0; a < actions.Count; a++) calls[a] = int.Max(1, (int)(SecondsOfRun / WarmUp(actions[a])));
        var times = new double[actions.Count][];
        for (var a = 0; a < actions.Count; a++) times[a] = new double[Rounds];
        for (var round = 0; round < Rounds; round++)
        {
            for (var a = 0; a < actions.Count; a++) times[a][round] = AfterSettling(actions[a], calls[a], settle);
        }

        foreach (var t in times) Array.Sort(t);
        return [.. times.Select(t => t[Rounds / 2])];
    }

    // Calls and a pause, again and again: the runtime compiles what was called 30 times once nothing new has been called for 100 ms.
    private static double WarmUp(Func<int, double> action)
    {
        long start;
        for (var round = 0; round < RoundsToCompile; round++)
        {
            start = Stopwatch.GetTimestamp();
            for (var call = 0; call < CallsToCompile && Stopwatch.GetElapsedTime(start).TotalSeconds < SecondsOfWarmUp; call++) action(1);
            Thread.Sleep(PauseToCompile);
        }

        start = Stopwatch.GetTimestamp();
        var last = action(1);
        while (Stopwatch.GetElapsedTime(start).TotalSeconds < SecondsOfWarmUp) last = action(1);
        return last;
    }

    // One call untimed: threads went to sleep, and whoever came after the library with the most memory found the caches full of it.
    private static double AfterSettling(Func<int, double> action, int calls, TimeSpan settle)
    {
        if (settle > TimeSpan.Zero) Thread.Sleep(settle);
        action(1);
        return action(calls);
    }

    /// <summary>Seconds of one call, of as many in a row.</summary>
    public static double Time(Action action, int calls)
    {
        var start = Stopwatch.GetTimestamp();
        for (var i = 0; i < calls; i++) action();
        return Stopwatch.GetElapsedTime(start).TotalSeconds / calls;
    }
}
