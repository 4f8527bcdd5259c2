using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics.X86;

namespace HTensor.Kernels;

/// <summary>
/// The micro-kernel: TShape.Rows rows times TShape.Vectors registers of C stay in registers over the whole depth. Each element is one chain of
/// fused multiply-adds in the order of the depth, so shape, width and layout do not change bits.
/// </summary>
internal static unsafe class GemmTile<V, T, TShape, TLayout>
    where V : unmanaged, ISimd<V, T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
    where TShape : struct, ITileShape
    where TLayout : struct, IPanelLayout
{
    /// <summary>Steps of the depth between the use of B and its prefetch: over a page's end, where the hardware stops.</summary>
    private const int PrefetchAhead = 32;

    /// <summary>Steps between prefetches of C and of the next panel: twenty-four at once kept the reads of A and B waiting, 2 to 3 % of 1024 and 2048 cubed.</summary>
    private const int PrefetchInterval = 16;

    private const int LineBytes = 64;

    /// <summary>
    /// C[r, :] (+)= sum_p A[r, p] B[p, :]. A's element is at <c>r * aStride + p</c>, or, interleaved, at <c>p * aStride + r</c>; row p of B at
    /// <c>p * bStride</c>; row r of C at <c>rows[r]</c>. <paramref name="next"/>: the panel of B that comes after this one, or null.
    /// </summary>
    [MethodImpl(Compile.Apart)]
    public static void Run(nint blocks, nint depth, T* a, nint aStride, T* b, nint bStride, T* c, nint* rows, T* next, Accumulation accumulation)
    {
        // In bytes, before the loop: the compiler puts a sum of two registers into the instruction that reads, but no scaled one, and with 256 bits the
        // instructions, not the multiply-adds, would bound the loop (97 of 115 GFLOP/s).
        nint row = aStride * sizeof(T), two = 2 * row, ahead = PrefetchAhead * bStride * sizeof(T), below = bStride * sizeof(T);
        var coming = (byte*)(next == null ? b : next);
        nint line = next == null ? 0 : LineBytes;
        for (; blocks > 0; blocks--)
        {
            V c00 = default, c01 = default;
            V c10 = default, c11 = default;
            V c20 = default, c21 = default;
            V c30 = default, c31 = default;
            V c40 = default, c41 = default;
            V c50 = default, c51 = default;
            V c60 = default, c61 = default;
            V c70 = default, c71 = default;
            V c80 = default, c81 = default;
            V c90 = default, c91 = default;
            V c100 = default, c101 = default;
            V c110 = default, c111 = default;
            var bp = (byte*)b;
            var a0 = (byte*)a;
            var a3 = TLayout.Interleaved ? a0 : a0 + row + two;
            var a6 = TLayout.Interleaved ? a0 : a3 + row + two;
            var a9 = TLayout.Interleaved ? a0 : a6 + row + two;
            var fetched = sizeof(V) == LineBytes && TShape.Rows >= 6 && TShape.Vectors > 1 && depth >= TShape.Rows * PrefetchInterval ? 0 : TShape.Rows;
            if (RowPrefetch.Pays(depth) && fetched > 0) RowPrefetch.Run(c, rows, TShape.Rows, TShape.Vectors > 1 ? V.Count : 0);
            for (nint p = depth, steps; p > 0; p -= steps)
            {
                steps = nint.Min(p, PrefetchInterval);
                if (TShape.Rows >= 6 && TShape.Vectors > 1 && Sse.IsSupported)
                {
                    if (sizeof(V) == LineBytes && fetched < TShape.Rows)
                    {
                        Sse.Prefetch0(c + rows[fetched]);
                        Sse.Prefetch0(c + rows[fetched] + V.Count);
                        fetched++;
                    }

                    Sse.Prefetch1(coming);
                    coming += line;
                    if (sizeof(V) == LineBytes)
                    {
                        Sse.Prefetch1(coming);
                        Sse.Prefetch1(coming + line);
                        Sse.Prefetch1(coming + 2 * line);
                        coming += 3 * line;
                    }
                }

                for (var step = steps; step > 0; step--)
                {
                    var b0 = V.Load((T*)bp);
                    var b1 = TShape.Vectors > 1 ? V.Load((T*)(bp + sizeof(V))) : default;
                    if (TShape.Rows >= 6 && TShape.Vectors > 1 && sizeof(V) == LineBytes && Sse.IsSupported)
                    {
                        Sse.Prefetch0(bp + ahead);
                        Sse.Prefetch0(bp + ahead + sizeof(V));
                    }

                    bp += below;
                    Step(a0, 0, b0, b1, ref c00, ref c01);
                    if (TShape.Rows > 1) Step(a0, TLayout.Interleaved ? sizeof(T) : row, b0, b1, ref c10, ref c11);
                    if (TShape.Rows > 2) Step(a0, TLayout.Interleaved ? 2 * sizeof(T) : two, b0, b1, ref c20, ref c21);
                    if (TShape.Rows > 3) Step(TLayout.Interleaved ? a0 : a3, TLayout.Interleaved ? 3 * sizeof(T) : 0, b0, b1, ref c30, ref c31);
                    if (TShape.Rows > 4) Step(TLayout.Interleaved ? a0 : a3, TLayout.Interleaved ? 4 * sizeof(T) : row, b0, b1, ref c40, ref c41);
                    if (TShape.Rows > 5) Step(TLayout.Interleaved ? a0 : a3, TLayout.Interleaved ? 5 * sizeof(T) : two, b0, b1, ref c50, ref c51);
                    if (TShape.Rows > 6) Step(TLayout.Interleaved ? a0 : a6, TLayout.Interleaved ? 6 * sizeof(T) : 0, b0, b1, ref c60, ref c61);
                    if (TShape.Rows > 7) Step(TLayout.Interleaved ? a0 : a6, TLayout.Interleaved ? 7 * sizeof(T) : row, b0, b1, ref c70, ref c71);
                    if (TShape.Rows > 8) Step(TLayout.Interleaved ? a0 : a6, TLayout.Interleaved ? 8 * sizeof(T) : two, b0, b1, ref c80, ref c81);
                    if (TShape.Rows > 9) Step(TLayout.Interleaved ? a0 : a9, TLayout.Interleaved ? 9 * sizeof(T) : 0, b0, b1, ref c90, ref c91);
                    if (TShape.Rows > 10) Step(TLayout.Interleaved ? a0 : a9, TLayout.Interleaved ? 10 * sizeof(T) : row, b0, b1, ref c100, ref c101);
                    if (TShape.Rows > 11) Step(TLayout.Interleaved ? a0 : a9, TLayout.Interleaved ? 11 * sizeof(T) : two, b0, b1, ref c110, ref c111);

                    if (TLayout.Interleaved)
                    {
                        a0 += row;
                    }
                    else
                    {
                        a0 += sizeof(T);
                        if (TShape.Rows > 3) a3 += sizeof(T);
                        if (TShape.Rows > 6) a6 += sizeof(T);
                        if (TShape.Rows > 9) a9 += sizeof(T);
                    }
                }
            }

            if (accumulation == Accumulation.Add)
            {
                Add(c00, c01, c + rows[0]);
                if (TShape.Rows > 1) Add(c10, c11, c + rows[1]);
                if (TShape.Rows > 2) Add(c20, c21, c + rows[2]);
                if (TShape.Rows > 3) Add(c30, c31, c + rows[3]);
                if (TShape.Rows > 4) Add(c40, c41, c + rows[4]);
                if (TShape.Rows > 5) Add(c50, c51, c + rows[5]);
                if (TShape.Rows > 6) Add(c60, c61, c + rows[6]);
                if (TShape.Rows > 7) Add(c70, c71, c + rows[7]);
                if (TShape.Rows > 8) Add(c80, c81, c + rows[8]);
                if (TShape.Rows > 9) Add(c90, c91, c + rows[9]);
                if (TShape.Rows > 10) Add(c100, c101, c + rows[10]);
                if (TShape.Rows > 11) Add(c110, c111, c + rows[11]);
            }
            else
            {
                Store(c00, c01, c + rows[0]);
                if (TShape.Rows > 1) Store(c10, c11, c + rows[1]);
                if (TShape.Rows > 2) Store(c20, c21, c + rows[2]);
                if (TShape.Rows > 3) Store(c30, c31, c + rows[3]);
                if (TShape.Rows > 4) Store(c40, c41, c + rows[4]);
                if (TShape.Rows > 5) Store(c50, c51, c + rows[5]);
                if (TShape.Rows > 6) Store(c60, c61, c + rows[6]);
                if (TShape.Rows > 7) Store(c70, c71, c + rows[7]);
                if (TShape.Rows > 8) Store(c80, c81, c + rows[8]);
                if (TShape.Rows > 9) Store(c90, c91, c + rows[9]);
                if (TShape.Rows > 10) Store(c100, c101, c + rows[10]);
                if (TShape.Rows > 11) Store(c110, c111, c + rows[11]);
            }

            a += TLayout.Interleaved ? TShape.Rows : TShape.Rows * aStride;
            rows += TShape.Rows;
        }
    }

    // One use of a broadcast goes into the multiply-add as its memory operand; two share a register.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Step(byte* a, nint at, V b0, V b1, ref V first, ref V second)
    {
        if (TShape.Vectors == 1)
        {
            first = V.FusedMultiplyAdd(b0, (T*)(a + at), first);
            return;
        }

        var x = V.Broadcast(*(T*)(a + at));
        first = V.FusedMultiplyAdd(x, b0, first);
        second = V.FusedMultiplyAdd(x, b1, second);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Store(V first, V second, T* row)
    {
        V.Store(first, row);
        if (TShape.Vectors > 1) V.Store(second, row + V.Count);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Add(V first, V second, T* row) => Store(V.Load(row) + first, TShape.Vectors > 1 ? V.Load(row + V.Count) + second : second, row);
}
