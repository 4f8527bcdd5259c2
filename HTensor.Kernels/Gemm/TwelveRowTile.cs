using System.Numerics;
using System.Runtime.CompilerServices;

namespace HTensor.Kernels;

/// <summary>
/// The micro-kernel of twelve rows times one register of C, as <see cref="GemmTile{V, T, TShape, TLayout}"/> and to its bits, two steps of the depth at a time: 17
/// instructions a step instead of 21. The processor looks some 320 ahead, so it begins to read the next rows of A earlier.
/// </summary>
internal static unsafe class TwelveRowTile<V, T, TLayout>
    where V : unmanaged, ISimd<V, T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
    where TLayout : struct, IPanelLayout
{
    private const int Rows = 12;

    /// <summary>As <see cref="GemmTile{V, T, TShape, TLayout}.Run"/>.</summary>
    [MethodImpl(Compile.Apart)]
    public static void Run(nint blocks, nint depth, T* a, nint aStride, T* b, nint bStride, T* c, nint* rows, Accumulation accumulation)
    {
        nint one = TLayout.Interleaved ? sizeof(T) : aStride * sizeof(T), two = 2 * one, deeper = TLayout.Interleaved ? aStride * sizeof(T) : sizeof(T);
        var below = bStride * sizeof(T);
        for (; blocks > 0; blocks--)
        {
            V c0 = default, c1 = default, c2 = default, c3 = default, c4 = default, c5 = default;
            V c6 = default, c7 = default, c8 = default, c9 = default, c10 = default, c11 = default;
            var bp = (byte*)b;
            var a0 = (byte*)a;
            var a3 = a0 + one + two;
            var a6 = a3 + one + two;
            var a9 = a6 + one + two;
            if (RowPrefetch.Pays(depth)) RowPrefetch.Run(c, rows, Rows, 0);
            for (var left = depth / 2; left > 0; left--)
            {
                Step(a0, a3, a6, a9, one, two, 0, bp, ref c0, ref c1, ref c2, ref c3, ref c4, ref c5, ref c6, ref c7, ref c8, ref c9, ref c10, ref c11);
                Step(a0, a3, a6, a9, one, two, deeper, bp + below, ref c0, ref c1, ref c2, ref c3, ref c4, ref c5, ref c6, ref c7, ref c8, ref c9, ref c10, ref c11);
                bp += 2 * below;
                a0 += 2 * deeper;
                a3 += 2 * deeper;
                a6 += 2 * deeper;
                a9 += 2 * deeper;
            }

            if ((depth & 1) != 0) Step(a0, a3, a6, a9, one, two, 0, bp, ref c0, ref c1, ref c2, ref c3, ref c4, ref c5, ref c6, ref c7, ref c8, ref c9, ref c10, ref c11);
            Write(c0, c + rows[0], accumulation);
            Write(c1, c + rows[1], accumulation);
            Write(c2, c + rows[2], accumulation);
            Write(c3, c + rows[3], accumulation);
            Write(c4, c + rows[4], accumulation);
            Write(c5, c + rows[5], accumulation);
            Write(c6, c + rows[6], accumulation);
            Write(c7, c + rows[7], accumulation);
            Write(c8, c + rows[8], accumulation);
            Write(c9, c + rows[9], accumulation);
            Write(c10, c + rows[10], accumulation);
            Write(c11, c + rows[11], accumulation);
            a += TLayout.Interleaved ? Rows : Rows * aStride;
            rows += Rows;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Step(byte* a0, byte* a3, byte* a6, byte* a9, nint one, nint two, nint at, byte* bp, ref V c0, ref V c1, ref V c2, ref V c3, ref V c4,
        ref V c5, ref V c6, ref V c7, ref V c8, ref V c9, ref V c10, ref V c11)
    {
        var b = V.Load((T*)bp);
        c0 = V.FusedMultiplyAdd(b, (T*)(a0 + at), c0);
        c1 = V.FusedMultiplyAdd(b, (T*)(a0 + one + at), c1);
        c2 = V.FusedMultiplyAdd(b, (T*)(a0 + two + at), c2);
        c3 = V.FusedMultiplyAdd(b, (T*)(a3 + at), c3);
        c4 = V.FusedMultiplyAdd(b, (T*)(a3 + one + at), c4);
        c5 = V.FusedMultiplyAdd(b, (T*)(a3 + two + at), c5);
        c6 = V.FusedMultiplyAdd(b, (T*)(a6 + at), c6);
        c7 = V.FusedMultiplyAdd(b, (T*)(a6 + one + at), c7);
        c8 = V.FusedMultiplyAdd(b, (T*)(a6 + two + at), c8);
        c9 = V.FusedMultiplyAdd(b, (T*)(a9 + at), c9);
        c10 = V.FusedMultiplyAdd(b, (T*)(a9 + one + at), c10);
        c11 = V.FusedMultiplyAdd(b, (T*)(a9 + two + at), c11);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Write(V sum, T* row, Accumulation accumulation) => V.Store(accumulation == Accumulation.Add ? V.Load(row) + sum : sum, row);
}
