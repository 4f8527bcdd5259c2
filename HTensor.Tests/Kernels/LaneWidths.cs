using System.Numerics;
using HTensor.Kernels;

namespace HTensor.Tests.Kernels;

/// <summary>The driver's loop at a width of one's own, from either end.</summary>
internal static unsafe class LaneWidths
{
    public const int Count = 4;

    public static void Run<TPasses, T>(TPasses passes, T[][] streams, int width, bool descends)
        where TPasses : struct, ILanePasses<T>
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var handles = streams.Select(s => s.AsMemory().Pin()).ToArray();
        var pointers = stackalloc T*[streams.Length];
        for (var s = 0; s < streams.Length; s++) pointers[s] = (T*)handles[s].Pointer;
        nint length = streams[0].Length;
        if (width == 0) LaneDriver.Run<TPasses, SimdScalar<T>, T>(passes, pointers, streams.Length, length, descends, default);
        if (width == 1) LaneDriver.Run<TPasses, Simd128<T>, T>(passes, pointers, streams.Length, length, descends, default);
        if (width == 2) LaneDriver.Run<TPasses, Simd256<T>, T>(passes, pointers, streams.Length, length, descends, default);
        if (width == 3) LaneDriver.Run<TPasses, Simd512<T>, T>(passes, pointers, streams.Length, length, descends, default);
        foreach (var handle in handles) handle.Dispose();
    }
}
