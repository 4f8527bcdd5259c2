using System.Numerics;
using System.Runtime.CompilerServices;

namespace HTensor.Kernels;

/// <summary>
/// Register tiles of <see cref="LaneProduct.Multiply"/>. A row vector is one register of one row's block; a tile holds 1 to 4 of them
/// against 1 to 16 columns in accumulators. 32 registers carry 4 x 4 (few rows: 2 x 8, 1 x 16), 16 registers 3 x 4: with 256 bits 24
/// instructions for 12 multiply-adds, where 2 x 4 one step at a time took 26 for 8, and a core that takes in 6 a cycle does 2 multiply-adds.
/// </summary>
internal static unsafe class LaneProductTiles<V, T>
    where V : unmanaged, ISimd<V, T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private const int Panel = LaneProduct.PanelWidth;
    private const int Unrolled = 4;
    private const int CacheBytes = 16 * 1024;

    private static nuint VectorsPerBlock => (nuint)(LaneBlock.Width / V.Count);

    public static void Multiply(T* w, T* x, int* rowIn, int rows, int* depthIn, int depth, T* y, int* rowOut, int* columnOut, int columns, bool add)
    {
        if (add) Multiply<Added>(w, x, rowIn, rows, depthIn, depth, y, rowOut, columnOut, columns);
        else Multiply<Overwritten>(w, x, rowIn, rows, depthIn, depth, y, rowOut, columnOut, columns);
    }

    private static void Multiply<TSum>(T* w, T* x, int* rowIn, int rows, int* depthIn, int depth, T* y, int* rowOut, int* columnOut, int columns)
    {
        var vectors = (nuint)rows * VectorsPerBlock;
        var most = TileCounts.Most(vectors, manyRegisters: sizeof(V) == 64);
        var even = most + (vectors - most) / 2 * 2;
        if (sizeof(V) == 64)
        {
            Rows<Four, Four, TSum>(w, x, rowIn, 0, most, depthIn, depth, y, rowOut, columnOut, columns);
            Rows<Two, Eight, TSum>(w, x, rowIn, most, even, depthIn, depth, y, rowOut, columnOut, columns);
        }
        else
        {
            Rows<Three, Four, TSum>(w, x, rowIn, 0, most, depthIn, depth, y, rowOut, columnOut, columns);
            Rows<Two, Four, TSum>(w, x, rowIn, most, even, depthIn, depth, y, rowOut, columnOut, columns);
        }

        Rows<One, Sixteen, TSum>(w, x, rowIn, even, vectors, depthIn, depth, y, rowOut, columnOut, columns);
    }

    // Row vectors from v to end: whole tiles, then the columns that remain, so many rows at a time that their input is still in the first-level cache.
    private static void Rows<TRows, TColumns, TSum>(T* w, T* x, int* rowIn, nuint v, nuint end, int* depthIn, int depth,
        T* y, int* rowOut, int* columnOut, int columns)
        where TRows : unmanaged
        where TColumns : unmanaged
    {
        var whole = columns - columns % sizeof(TColumns);
        var step = whole == columns ? end - v : (nuint)(sizeof(TRows) * Math.Max(1, CacheBytes / (sizeof(TRows) * sizeof(V) * Math.Max(1, depth))));
        for (; v < end; v += step)
        {
            var last = nuint.Min(v + step, end);
            var n = whole;
            if (n > 0) Tiles<TRows, TColumns, TSum>(w, x, rowIn, v, last, depthIn, depth, y, rowOut, columnOut, n);
            if (sizeof(TColumns) > Panel && columns - n >= Panel)
            {
                n = columns / Panel * Panel;
                Tiles<TRows, Four, TSum>(w + (nint)whole * depth, x, rowIn, v, last, depthIn, depth, y, rowOut, columnOut + whole, n - whole);
            }

            var rest = w + (nint)n * depth;
            if (columns - n == 3) Tiles<TRows, Three, TSum>(rest, x, rowIn, v, last, depthIn, depth, y, rowOut, columnOut + n, 3);
            if (columns - n == 2) Tiles<TRows, Two, TSum>(rest, x, rowIn, v, last, depthIn, depth, y, rowOut, columnOut + n, 2);
            if (columns - n == 1) Tiles<TRows, One, TSum>(rest, x, rowIn, v, last, depthIn, depth, y, rowOut, columnOut + n, 1);
        }
    }

    // All tiles of a shape in one method: a call a tile costs as much as two terms of its sums. Compiled once, without profiles, under
    // which the runtime sometimes chose slower code. Sums are named by group and column of a panel; group g holds row g % TRows, panel g / TRows.
    // Four steps of the depth at a time: the compiler moves sums between registers where a factor dies in a multiply-add, now once in four steps. No
    // conditions within a statement that writes a sum: it would live in memory.
    [MethodImpl(Compile.Apart)]
    private static void Tiles<TRows, TColumns, TSum>(T* w, T* x, int* rowIn, nuint v, nuint end, int* depthIn, int depth,
        T* y, int* rowOut, int* columnOut, int columns)
        where TRows : unmanaged
        where TColumns : unmanaged
    {
        var panel = (nint)Panel * depth;
        int* unrolled = depthIn + (uint)depth / Unrolled * Unrolled, deepest = depthIn + depth, last = columnOut + columns;
        for (; v != end; v += (nuint)sizeof(TRows))
        {
            T* x0 = At(x, rowIn, v), x1 = At<TRows>(1, x, rowIn, v), x2 = At<TRows>(2, x, rowIn, v), x3 = At<TRows>(3, x, rowIn, v);
            T* y0 = At(y, rowOut, v), y1 = At<TRows>(1, y, rowOut, v), y2 = At<TRows>(2, y, rowOut, v), y3 = At<TRows>(3, y, rowOut, v);
            var first = w;
            for (var n = columnOut; n != last; n += sizeof(TColumns), first += sizeof(TColumns) / Panel * panel)
            {
                V s00 = default, s01 = default, s02 = default, s03 = default;
                V s10 = default, s11 = default, s12 = default, s13 = default;
                V s20 = default, s21 = default, s22 = default, s23 = default;
                V s30 = default, s31 = default, s32 = default, s33 = default;
                var k = depthIn;
                var b = first;
                for (; k != unrolled; k += Unrolled)
                {
                    Step<TRows, TColumns>(b, panel, k[0], x0, x1, x2, x3, ref s00, ref s01, ref s02, ref s03, ref s10, ref s11, ref s12, ref s13, ref s20,
                        ref s21, ref s22, ref s23, ref s30, ref s31, ref s32, ref s33);
                    Step<TRows, TColumns>(b + Panel, panel, k[1], x0, x1, x2, x3, ref s00, ref s01, ref s02, ref s03, ref s10, ref s11, ref s12, ref s13,
                        ref s20, ref s21, ref s22, ref s23, ref s30, ref s31, ref s32, ref s33);
                    Step<TRows, TColumns>(b + 2 * Panel, panel, k[2], x0, x1, x2, x3, ref s00, ref s01, ref s02, ref s03, ref s10, ref s11, ref s12, ref s13,
                        ref s20, ref s21, ref s22, ref s23, ref s30, ref s31, ref s32, ref s33);
                    Step<TRows, TColumns>(b + 3 * Panel, panel, k[3], x0, x1, x2, x3, ref s00, ref s01, ref s02, ref s03, ref s10, ref s11, ref s12, ref s13,
                        ref s20, ref s21, ref s22, ref s23, ref s30, ref s31, ref s32, ref s33);
                    b += Unrolled * Panel;
                }

                for (; k != deepest; k++)
                {
                    Step<TRows, TColumns>(b, panel, k[0], x0, x1, x2, x3, ref s00, ref s01, ref s02, ref s03, ref s10, ref s11, ref s12, ref s13, ref s20,
                        ref s21, ref s22, ref s23, ref s30, ref s31, ref s32, ref s33);
                    b += Panel;
                }

                Write<TRows, TColumns, TSum>(s00, s10, s20, s30, y0, y1, y2, y3, n);
                if (sizeof(TColumns) > 1) Write<TRows, TColumns, TSum>(s01, s11, s21, s31, y0, y1, y2, y3, n + 1);
                if (sizeof(TColumns) > 2) Write<TRows, TColumns, TSum>(s02, s12, s22, s32, y0, y1, y2, y3, n + 2);
                if (sizeof(TColumns) > 3) Write<TRows, TColumns, TSum>(s03, s13, s23, s33, y0, y1, y2, y3, n + 3);
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static T* At(T* data, int* rows, nuint vector) =>
        data + (nint)LaneBlock.Width * rows[vector / VectorsPerBlock] + vector % VectorsPerBlock * (nuint)V.Count;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static T* At<TRows>(uint row, T* data, int* rows, nuint vector)
        where TRows : unmanaged =>
        row < (uint)sizeof(TRows) ? At(data, rows, vector + row) : data;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Step<TRows, TColumns>(T* w, nint panel, int k, T* x0, T* x1, T* x2, T* x3, ref V s00, ref V s01, ref V s02, ref V s03,
        ref V s10, ref V s11, ref V s12, ref V s13, ref V s20, ref V s21, ref V s22, ref V s23, ref V s30, ref V s31, ref V s32, ref V s33)
        where TRows : unmanaged
        where TColumns : unmanaged
    {
        var at = (nint)LaneBlock.Width * k;
        V v0 = V.Load(x0 + at), v1 = default, v2 = default, v3 = default;
        if (sizeof(TRows) > 1) v1 = V.Load(x1 + at);
        if (sizeof(TRows) > 2) v2 = V.Load(x2 + at);
        if (sizeof(TRows) > 3) v3 = V.Load(x3 + at);
        Column<TRows, TColumns>(w, 0, panel, v0, v1, v2, v3, ref s00, ref s10, ref s20, ref s30);
        if (sizeof(TColumns) > 1) Column<TRows, TColumns>(w, 1, panel, v0, v1, v2, v3, ref s01, ref s11, ref s21, ref s31);
        if (sizeof(TColumns) > 2) Column<TRows, TColumns>(w, 2, panel, v0, v1, v2, v3, ref s02, ref s12, ref s22, ref s32);
        if (sizeof(TColumns) > 3) Column<TRows, TColumns>(w, 3, panel, v0, v1, v2, v3, ref s03, ref s13, ref s23, ref s33);
    }

    /// <summary>One column of each panel times the tile's rows.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Column<TRows, TColumns>(T* w, int column, nint panel, V v0, V v1, V v2, V v3, ref V s0, ref V s1, ref V s2, ref V s3)
        where TRows : unmanaged
        where TColumns : unmanaged
    {
        if (sizeof(TRows) == 1) v1 = v0;
        if (sizeof(TRows) < 3) v2 = v0;
        if (sizeof(TRows) < 4) v3 = v1;
        var b = V.Broadcast(w[column]);
        s0 = V.FusedMultiplyAdd(b, v0, s0);
        if (sizeof(TRows) == 1 && sizeof(TColumns) > Panel) b = V.Broadcast(w[panel + column]);
        if (sizeof(TRows) > 1 || sizeof(TColumns) > Panel) s1 = V.FusedMultiplyAdd(b, v1, s1);
        if (sizeof(TRows) < 3 && sizeof(TColumns) > Panel) b = V.Broadcast(w[2 / sizeof(TRows) * panel + column]);
        if (sizeof(TRows) > 2 || sizeof(TColumns) > Panel) s2 = V.FusedMultiplyAdd(b, v2, s2);
        if (sizeof(TRows) == 1 && sizeof(TColumns) > Panel) b = V.Broadcast(w[3 * panel + column]);
        if (sizeof(TRows) > 3 || sizeof(TColumns) > Panel) s3 = V.FusedMultiplyAdd(b, v3, s3);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Write<TRows, TColumns, TSum>(V s0, V s1, V s2, V s3, T* y0, T* y1, T* y2, T* y3, int* columnOut)
        where TRows : unmanaged
        where TColumns : unmanaged
    {
        var to = (nint)LaneBlock.Width * columnOut[0];
        Put<TSum>(s0, y0 + to);
        if (sizeof(TRows) == 1 && sizeof(TColumns) > Panel) to = (nint)LaneBlock.Width * columnOut[Panel];
        if (sizeof(TRows) > 1 || sizeof(TColumns) > Panel) Put<TSum>(s1, (sizeof(TRows) > 1 ? y1 : y0) + to);
        if (sizeof(TRows) < 3 && sizeof(TColumns) > Panel) to = (nint)LaneBlock.Width * columnOut[2 / sizeof(TRows) * Panel];
        if (sizeof(TRows) > 2 || sizeof(TColumns) > Panel) Put<TSum>(s2, (sizeof(TRows) > 2 ? y2 : y0) + to);
        if (sizeof(TRows) == 1 && sizeof(TColumns) > Panel) to = (nint)LaneBlock.Width * columnOut[3 * Panel];
        if (sizeof(TRows) > 3 || sizeof(TColumns) > Panel) Put<TSum>(s3, (sizeof(TRows) > 3 ? y3 : sizeof(TRows) == 2 ? y1 : y0) + to);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Put<TSum>(V value, T* destination) => V.Store(typeof(TSum) == typeof(Added) ? V.Load(destination) + value : value, destination);

    private readonly struct Added;

    private readonly struct Overwritten;
}
