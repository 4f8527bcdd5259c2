using System.Runtime.CompilerServices;

namespace HTensor.Kernels;

/// <summary>Columns of C in quads, as types: the compiler drops what a shape does not have.</summary>
internal interface IQuadColumns
{
    static abstract int Count { get; }
}

internal readonly struct OneQuad : IQuadColumns
{
    public static int Count => 1;
}

internal readonly struct TwoQuads : IQuadColumns
{
    public static int Count => 2;
}

internal readonly struct ThreeQuads : IQuadColumns
{
    public static int Count => 3;
}

internal readonly struct FourQuads : IQuadColumns
{
    public static int Count => 4;
}

internal readonly struct FiveQuads : IQuadColumns
{
    public static int Count => 5;
}

/// <summary>
/// The micro-kernel of narrow products. A register holds the same four columns of several rows, so that no lane is idle and one load brings four
/// elements of each row of A; they are spread within their quads. Each element is one chain of fused multiply-adds in the order of the depth, as
/// in <see cref="GemmTile{V, T, TShape, TLayout}"/>.
/// </summary>
internal static unsafe class QuadTile<V, T, TColumns>
    where V : unmanaged, IQuads<V, T>
    where T : unmanaged
    where TColumns : struct, IQuadColumns
{
    /// <summary>
    /// C (+)= A B for <paramref name="blocks"/> blocks of 2 V.Quads rows, a depth of 4 at least, B of contiguous rows.
    /// </summary>
    [MethodImpl(Compile.Apart)]
    public static void Run(nint blocks, nint depth, T* a, nint aStride, T* b, T* c, nint cStride, Accumulation accumulation)
    {
        for (; blocks > 0; blocks--)
        {
            V x0 = default, x1 = default, x2 = default, x3 = default, x4 = default;
            V y0 = default, y1 = default, y2 = default, y3 = default, y4 = default;
            var second = a + V.Quads * aStride;
            var row = b;
            nint p = 0;
            for (; p + 4 <= depth; p += 4, row += 16 * TColumns.Count)
            {
                var x = V.LoadQuads(a + p, aStride);
                var y = V.LoadQuads(second + p, aStride);
                Step(V.BroadcastInQuads(x, 0), V.BroadcastInQuads(y, 0), row, ref x0, ref x1, ref x2, ref x3, ref x4, ref y0, ref y1, ref y2, ref y3, ref y4);
                Step(V.BroadcastInQuads(x, 1), V.BroadcastInQuads(y, 1), row + 4 * TColumns.Count, ref x0, ref x1, ref x2, ref x3, ref x4, ref y0, ref y1, ref y2, ref y3, ref y4);
                Step(V.BroadcastInQuads(x, 2), V.BroadcastInQuads(y, 2), row + 8 * TColumns.Count, ref x0, ref x1, ref x2, ref x3, ref x4, ref y0, ref y1, ref y2, ref y3, ref y4);
                Step(V.BroadcastInQuads(x, 3), V.BroadcastInQuads(y, 3), row + 12 * TColumns.Count, ref x0, ref x1, ref x2, ref x3, ref x4, ref y0, ref y1, ref y2, ref y3, ref y4);
            }

            if (p < depth)
            {
                // The last four elements of each row, those already used among them: nothing behind a row's end is read.
                var x = V.LoadQuads(a + depth - 4, aStride);
                var y = V.LoadQuads(second + depth - 4, aStride);
                if (depth - p == 3)
                {
                    Step(V.BroadcastInQuads(x, 1), V.BroadcastInQuads(y, 1), row, ref x0, ref x1, ref x2, ref x3, ref x4, ref y0, ref y1, ref y2, ref y3, ref y4);
                    row += 4 * TColumns.Count;
                }

                if (depth - p >= 2)
                {
                    Step(V.BroadcastInQuads(x, 2), V.BroadcastInQuads(y, 2), row, ref x0, ref x1, ref x2, ref x3, ref x4, ref y0, ref y1, ref y2, ref y3, ref y4);
                    row += 4 * TColumns.Count;
                }

                Step(V.BroadcastInQuads(x, 3), V.BroadcastInQuads(y, 3), row, ref x0, ref x1, ref x2, ref x3, ref x4, ref y0, ref y1, ref y2, ref y3, ref y4);
            }

            Finish(x0, x1, x2, x3, x4, c, cStride, accumulation);
            Finish(y0, y1, y2, y3, y4, c + V.Quads * cStride, cStride, accumulation);
            a += 2 * V.Quads * aStride;
            c += 2 * V.Quads * cStride;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Step(V x, V y, T* row, ref V x0, ref V x1, ref V x2, ref V x3, ref V x4, ref V y0, ref V y1, ref V y2, ref V y3, ref V y4)
    {
        Multiply(x, y, row, ref x0, ref y0);
        if (TColumns.Count > 1) Multiply(x, y, row + 4, ref x1, ref y1);
        if (TColumns.Count > 2) Multiply(x, y, row + 8, ref x2, ref y2);
        if (TColumns.Count > 3) Multiply(x, y, row + 12, ref x3, ref y3);
        if (TColumns.Count > 4) Multiply(x, y, row + 16, ref x4, ref y4);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Multiply(V x, V y, T* quad, ref V first, ref V second)
    {
        var factor = V.RepeatQuad(quad);
        first = V.FusedMultiplyAdd(x, factor, first);
        second = V.FusedMultiplyAdd(y, factor, second);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Finish(V x0, V x1, V x2, V x3, V x4, T* c, nint stride, Accumulation accumulation)
    {
        Store(x0, c, stride, accumulation);
        if (TColumns.Count > 1) Store(x1, c + 4, stride, accumulation);
        if (TColumns.Count > 2) Store(x2, c + 8, stride, accumulation);
        if (TColumns.Count > 3) Store(x3, c + 12, stride, accumulation);
        if (TColumns.Count > 4) Store(x4, c + 16, stride, accumulation);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Store(V sums, T* c, nint stride, Accumulation accumulation) =>
        V.StoreQuads(accumulation == Accumulation.Add ? V.LoadQuads(c, stride) + sums : sums, c, stride);
}
