namespace HTensor.Tests;

/// <summary>What the present thread allocates, exactly.</summary>
internal static class Allocation
{
    /// <summary>
    /// Bytes that <paramref name="work"/> allocates on this thread. A background collection that another test brings about takes away this
    /// thread's allocation buffer and counts the rest of it, some kilobytes, as allocated; after a collection here there is no buffer to take.
    /// </summary>
    public static long Of(Action work)
    {
        GC.Collect();
        var before = GC.GetAllocatedBytesForCurrentThread();
        work();
        return GC.GetAllocatedBytesForCurrentThread() - before;
    }
}
