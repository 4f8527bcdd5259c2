using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics.X86;

namespace HTensor.Kernels;

/// <summary>Fetches the rows of C that a tile will write: they are mostly far apart, where the hardware does not foresee them.</summary>
internal static unsafe class RowPrefetch
{
    /// <summary>Less depth is over before a line arrives.</summary>
    private const int LeastDepth = 64;

    public static bool Pays(nint depth) => Sse.IsSupported && depth >= LeastDepth;

    /// <summary>The line of each row's first element, and that of the element <paramref name="second"/> behind it; 0: of the first alone.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Run<T>(T* c, nint* rows, int count, int second)
        where T : unmanaged
    {
        for (var r = 0; r < count; r++)
        {
            Sse.Prefetch0(c + rows[r]);
            if (second > 0) Sse.Prefetch0(c + rows[r] + second);
        }
    }
}
