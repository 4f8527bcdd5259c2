using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics.X86;

namespace HTensor.Kernels;

/// <summary>
/// The micro-kernel of sixteen registers: six rows times two registers of C, as <see cref="GemmTile{V, T, TShape, TLayout}"/> and to its bits, four steps of the
/// depth at a time. 25 instructions a step; the 35 of one at a time cost nothing on a core of one's own, and a fifth beside OpenBLAS' kernel (20) where a
/// neighbour shares the core's decoders.
/// </summary>
internal static unsafe class SixRowTile<V, T, TLayout>
    where V : unmanaged, ISimd<V, T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
    where TLayout : struct, IPanelLayout
{
    private const int Rows = 6;
    private const int PrefetchInterval = 16;
    private const int Unrolled = 4;
    private const int LineBytes = 64;

    /// <summary>As <see cref="GemmTile{V, T, TShape, TLayout}.Run"/>.</summary>
    [MethodImpl(Compile.Apart)]
    public static void Run(nint blocks, nint depth, T* a, nint aStride, T* b, nint bStride, T* c, nint* rows, T* next, Accumulation accumulation)
    {
        nint one = TLayout.Interleaved ? sizeof(T) : aStride * sizeof(T), two = 2 * one, deeper = TLayout.Interleaved ? aStride * sizeof(T) : sizeof(T);
        var below = bStride * sizeof(T);
        var coming = (byte*)(next == null ? b : next);
        nint line = next == null ? 0 : LineBytes;
        for (; blocks > 0; blocks--)
        {
            V c00 = default, c01 = default, c10 = default, c11 = default, c20 = default, c21 = default;
            V c30 = default, c31 = default, c40 = default, c41 = default, c50 = default, c51 = default;
            var bp = (byte*)b;
            var a0 = (byte*)a;
            var a3 = a0 + one + two;
            if (RowPrefetch.Pays(depth)) RowPrefetch.Run(c, rows, Rows, V.Count);
            for (nint left = depth / Unrolled, steps; left > 0; left -= steps)
            {
                steps = nint.Min(left, PrefetchInterval / Unrolled);
                if (Sse.IsSupported) Sse.Prefetch1(coming);
                coming += line;
                for (var step = steps; step > 0; step--)
                {
                    Step(a0, a3, one, two, 0, bp, ref c00, ref c01, ref c10, ref c11, ref c20, ref c21, ref c30, ref c31, ref c40, ref c41, ref c50, ref c51);
                    bp += below;
                    Step(a0, a3, one, two, deeper, bp, ref c00, ref c01, ref c10, ref c11, ref c20, ref c21, ref c30, ref c31, ref c40, ref c41, ref c50, ref c51);
                    bp += below;
                    Step(a0, a3, one, two, 2 * deeper, bp, ref c00, ref c01, ref c10, ref c11, ref c20, ref c21, ref c30, ref c31, ref c40, ref c41, ref c50, ref c51);
                    bp += below;
                    Step(a0, a3, one, two, 3 * deeper, bp, ref c00, ref c01, ref c10, ref c11, ref c20, ref c21, ref c30, ref c31, ref c40, ref c41, ref c50, ref c51);
                    bp += below;
                    a0 += Unrolled * deeper;
                    a3 += Unrolled * deeper;
                }
            }

            for (var left = depth % Unrolled; left > 0; left--)
            {
                Step(a0, a3, one, two, 0, bp, ref c00, ref c01, ref c10, ref c11, ref c20, ref c21, ref c30, ref c31, ref c40, ref c41, ref c50, ref c51);
                bp += below;
                a0 += deeper;
                a3 += deeper;
            }

            Write(c00, c01, c + rows[0], accumulation);
            Write(c10, c11, c + rows[1], accumulation);
            Write(c20, c21, c + rows[2], accumulation);
            Write(c30, c31, c + rows[3], accumulation);
            Write(c40, c41, c + rows[4], accumulation);
            Write(c50, c51, c + rows[5], accumulation);
            a += TLayout.Interleaved ? Rows : Rows * aStride;
            rows += Rows;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Step(byte* a0, byte* a3, nint one, nint two, nint at, byte* bp, ref V c00, ref V c01, ref V c10, ref V c11, ref V c20, ref V c21,
        ref V c30, ref V c31, ref V c40, ref V c41, ref V c50, ref V c51)
    {
        var b0 = V.Load((T*)bp);
        var b1 = V.Load((T*)(bp + sizeof(V)));
        Row(a0 + at, b0, b1, ref c00, ref c01);
        Row(a0 + one + at, b0, b1, ref c10, ref c11);
        Row(a0 + two + at, b0, b1, ref c20, ref c21);
        Row(a3 + at, b0, b1, ref c30, ref c31);
        Row(a3 + one + at, b0, b1, ref c40, ref c41);
        Row(a3 + two + at, b0, b1, ref c50, ref c51);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Row(byte* a, V b0, V b1, ref V first, ref V second)
    {
        var x = V.Broadcast(*(T*)a);
        first = V.FusedMultiplyAdd(x, b0, first);
        second = V.FusedMultiplyAdd(x, b1, second);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Write(V first, V second, T* row, Accumulation accumulation)
    {
        if (accumulation == Accumulation.Add) (first, second) = (V.Load(row) + first, V.Load(row + V.Count) + second);
        V.Store(first, row);
        V.Store(second, row + V.Count);
    }
}
