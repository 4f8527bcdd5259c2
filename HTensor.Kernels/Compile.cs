using System.Runtime.CompilerServices;

namespace HTensor.Kernels;

/// <summary>
/// How a loop over elements is compiled: at once, with all optimizations, and never into its caller. What a caller takes in counts against the compiler's
/// budget; once that is spent, operations on registers become calls: tanh was seen to slow down thirtyfold once its caller had run 30 times.
/// </summary>
internal static class Compile
{
    public const MethodImplOptions Apart = MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining;
}
