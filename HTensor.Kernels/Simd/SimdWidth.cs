using System.Runtime.Intrinsics;

namespace HTensor.Kernels;

/// <summary>The widest register that the running machine accelerates. A choice of speed only: results have the same bits at every width.</summary>
internal static class SimdWidth
{
    public static int Bits =>
        Vector512.IsHardwareAccelerated ? 512 :
        Vector256.IsHardwareAccelerated ? 256 :
        Vector128.IsHardwareAccelerated ? 128 : 0;
}
