using System.Numerics;
using System.Runtime.CompilerServices;

namespace HTensor.Kernels;

/// <summary>
/// Register tiles of <see cref="LaneProduct.Multiply"/>. A row vector is one register of one row's block; a tile holds 1 to 4 of them
/// against 2 to 16 columns in accumulators. 32 registers carry 4 x 4 (few rows: 2 x 8, 1 x 16), 16 registers 2 x 4.
/// </summary>
internal static unsafe class LaneProductTiles<TSimd, T>
    where TSimd : unmanaged, ISimd<TSimd, T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private const int Panel = LaneProduct.PanelWidth;

    private static int VectorsPerBlock => LaneBlock.Width / TSimd.Count;

    public static void Multiply(T* w, T* x, int* rowIn, int rows, int* depthIn, int depth, T* y, int* rowOut, int* columnOut, int columns, bool add)
    {
        var vectors = rows * VectorsPerBlock;
        var v = 0;
        if (TSimd.Count * sizeof(T) == 64)
        {
            for (; v + 4 <= vectors; v += 4) FourRows(w, x, rowIn, v, depthIn, depth, y, rowOut, columnOut, columns, add);
        }

        for (; v + 2 <= vectors; v += 2) TwoRows(w, x, rowIn, v, depthIn, depth, y, rowOut, columnOut, columns, add);
        if (v < vectors) OneRow(w, x, rowIn, v, depthIn, depth, y, rowOut, columnOut, columns, add);
    }

    // The whole loop over panels in one method: a call a tile costs as much as two terms of its sums. Compiled once, without profiles, under
    // which the runtime sometimes chose slower code.
    [MethodImpl(Compile.Apart)]
    private static void FourRows(T* w, T* x, int* rowIn, int v, int* depthIn, int depth, T* y, int* rowOut, int* columnOut, int columns, bool add)
    {
        T* x0 = At(x, rowIn, v), x1 = At(x, rowIn, v + 1), x2 = At(x, rowIn, v + 2), x3 = At(x, rowIn, v + 3);
        T* y0 = At(y, rowOut, v), y1 = At(y, rowOut, v + 1), y2 = At(y, rowOut, v + 2), y3 = At(y, rowOut, v + 3);
        var n = 0;
        for (; n + Panel <= columns; n += Panel)
        {
            TSimd c0_0 = default, c0_1 = default, c0_2 = default, c0_3 = default;
            TSimd c1_0 = default, c1_1 = default, c1_2 = default, c1_3 = default;
            TSimd c2_0 = default, c2_1 = default, c2_2 = default, c2_3 = default;
            TSimd c3_0 = default, c3_1 = default, c3_2 = default, c3_3 = default;
            for (var k = 0; k < depth; k++, w += Panel)
            {
                var at = (nint)LaneBlock.Width * depthIn[k];
                var v0 = TSimd.Load(x0 + at);
                var v1 = TSimd.Load(x1 + at);
                var v2 = TSimd.Load(x2 + at);
                var v3 = TSimd.Load(x3 + at);
                var b = TSimd.Broadcast(w[0]);
                c0_0 = TSimd.FusedMultiplyAdd(b, v0, c0_0);
                c1_0 = TSimd.FusedMultiplyAdd(b, v1, c1_0);
                c2_0 = TSimd.FusedMultiplyAdd(b, v2, c2_0);
                c3_0 = TSimd.FusedMultiplyAdd(b, v3, c3_0);
                b = TSimd.Broadcast(w[1]);
                c0_1 = TSimd.FusedMultiplyAdd(b, v0, c0_1);
                c1_1 = TSimd.FusedMultiplyAdd(b, v1, c1_1);
                c2_1 = TSimd.FusedMultiplyAdd(b, v2, c2_1);
                c3_1 = TSimd.FusedMultiplyAdd(b, v3, c3_1);
                b = TSimd.Broadcast(w[2]);
                c0_2 = TSimd.FusedMultiplyAdd(b, v0, c0_2);
                c1_2 = TSimd.FusedMultiplyAdd(b, v1, c1_2);
                c2_2 = TSimd.FusedMultiplyAdd(b, v2, c2_2);
                c3_2 = TSimd.FusedMultiplyAdd(b, v3, c3_2);
                b = TSimd.Broadcast(w[3]);
                c0_3 = TSimd.FusedMultiplyAdd(b, v0, c0_3);
                c1_3 = TSimd.FusedMultiplyAdd(b, v1, c1_3);
                c2_3 = TSimd.FusedMultiplyAdd(b, v2, c2_3);
                c3_3 = TSimd.FusedMultiplyAdd(b, v3, c3_3);
            }

            nint to;
            if (add)
            {
                to = (nint)LaneBlock.Width * columnOut[n];
                TSimd.Store(TSimd.Load(y0 + to) + c0_0, y0 + to);
                TSimd.Store(TSimd.Load(y1 + to) + c1_0, y1 + to);
                TSimd.Store(TSimd.Load(y2 + to) + c2_0, y2 + to);
                TSimd.Store(TSimd.Load(y3 + to) + c3_0, y3 + to);
                to = (nint)LaneBlock.Width * columnOut[n + 1];
                TSimd.Store(TSimd.Load(y0 + to) + c0_1, y0 + to);
                TSimd.Store(TSimd.Load(y1 + to) + c1_1, y1 + to);
                TSimd.Store(TSimd.Load(y2 + to) + c2_1, y2 + to);
                TSimd.Store(TSimd.Load(y3 + to) + c3_1, y3 + to);
                to = (nint)LaneBlock.Width * columnOut[n + 2];
                TSimd.Store(TSimd.Load(y0 + to) + c0_2, y0 + to);
                TSimd.Store(TSimd.Load(y1 + to) + c1_2, y1 + to);
                TSimd.Store(TSimd.Load(y2 + to) + c2_2, y2 + to);
                TSimd.Store(TSimd.Load(y3 + to) + c3_2, y3 + to);
                to = (nint)LaneBlock.Width * columnOut[n + 3];
                TSimd.Store(TSimd.Load(y0 + to) + c0_3, y0 + to);
                TSimd.Store(TSimd.Load(y1 + to) + c1_3, y1 + to);
                TSimd.Store(TSimd.Load(y2 + to) + c2_3, y2 + to);
                TSimd.Store(TSimd.Load(y3 + to) + c3_3, y3 + to);
                continue;
            }

            to = (nint)LaneBlock.Width * columnOut[n];
            TSimd.Store(c0_0, y0 + to);
            TSimd.Store(c1_0, y1 + to);
            TSimd.Store(c2_0, y2 + to);
            TSimd.Store(c3_0, y3 + to);
            to = (nint)LaneBlock.Width * columnOut[n + 1];
            TSimd.Store(c0_1, y0 + to);
            TSimd.Store(c1_1, y1 + to);
            TSimd.Store(c2_1, y2 + to);
            TSimd.Store(c3_1, y3 + to);
            to = (nint)LaneBlock.Width * columnOut[n + 2];
            TSimd.Store(c0_2, y0 + to);
            TSimd.Store(c1_2, y1 + to);
            TSimd.Store(c2_2, y2 + to);
            TSimd.Store(c3_2, y3 + to);
            to = (nint)LaneBlock.Width * columnOut[n + 3];
            TSimd.Store(c0_3, y0 + to);
            TSimd.Store(c1_3, y1 + to);
            TSimd.Store(c2_3, y2 + to);
            TSimd.Store(c3_3, y3 + to);
        }

        for (; n < columns; n += 2, w += 2)
            Tile4x2(w, x0, x1, x2, x3, depthIn, depth, y0, y1, y2, y3, columnOut + n, columns - n, add);
    }

    private static void TwoRows(T* w, T* x, int* rowIn, int v, int* depthIn, int depth, T* y, int* rowOut, int* columnOut, int columns, bool add)
    {
        T* x0 = At(x, rowIn, v), x1 = At(x, rowIn, v + 1), y0 = At(y, rowOut, v), y1 = At(y, rowOut, v + 1);
        var panel = (nint)Panel * depth;
        var n = 0;
        if (TSimd.Count * sizeof(T) == 64)
        {
            for (; columns - n > Panel; n += 2 * Panel, w += 2 * panel)
                Tile2x8(w, panel, x0, x1, depthIn, depth, y0, y1, columnOut + n, columns - n, add);
        }

        for (; n < columns; n += Panel, w += panel) Tile2x4(w, panel, x0, x1, depthIn, depth, y0, y1, columnOut + n, columns - n, add);
    }

    private static void OneRow(T* w, T* x, int* rowIn, int v, int* depthIn, int depth, T* y, int* rowOut, int* columnOut, int columns, bool add)
    {
        T* x0 = At(x, rowIn, v), y0 = At(y, rowOut, v);
        var panel = (nint)Panel * depth;
        var n = 0;
        for (; columns - n > 3 * Panel; n += 4 * Panel, w += 4 * panel)
            Tile1x16(w, panel, x0, depthIn, depth, y0, columnOut + n, columns - n, add);
        for (; n < columns; n += Panel, w += panel) Tile1x4(w, panel, x0, depthIn, depth, y0, columnOut + n, columns - n, add);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static T* At(T* data, int* rows, int vector) =>
        data + (nint)LaneBlock.Width * rows[vector / VectorsPerBlock] + vector % VectorsPerBlock * TSimd.Count;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Put(TSimd value, T* destination, bool add) =>
        TSimd.Store(add ? TSimd.Load(destination) + value : value, destination);

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void Tile4x2(T* w, T* x0, T* x1, T* x2, T* x3, int* depthIn, int depth, T* y0, T* y1, T* y2, T* y3, int* columnOut, int live, bool add)
    {
        TSimd c0_0 = default, c0_1 = default;
        TSimd c1_0 = default, c1_1 = default;
        TSimd c2_0 = default, c2_1 = default;
        TSimd c3_0 = default, c3_1 = default;
        for (var k = 0; k < depth; k++)
        {
            var at = (nint)LaneBlock.Width * depthIn[k];
            var v0 = TSimd.Load(x0 + at);
            var v1 = TSimd.Load(x1 + at);
            var v2 = TSimd.Load(x2 + at);
            var v3 = TSimd.Load(x3 + at);
            var b = TSimd.Broadcast(w[0]);
            c0_0 = TSimd.FusedMultiplyAdd(b, v0, c0_0);
            c1_0 = TSimd.FusedMultiplyAdd(b, v1, c1_0);
            c2_0 = TSimd.FusedMultiplyAdd(b, v2, c2_0);
            c3_0 = TSimd.FusedMultiplyAdd(b, v3, c3_0);
            b = TSimd.Broadcast(w[1]);
            c0_1 = TSimd.FusedMultiplyAdd(b, v0, c0_1);
            c1_1 = TSimd.FusedMultiplyAdd(b, v1, c1_1);
            c2_1 = TSimd.FusedMultiplyAdd(b, v2, c2_1);
            c3_1 = TSimd.FusedMultiplyAdd(b, v3, c3_1);
            w += LaneProduct.PanelWidth;
        }

        Put(c0_0, y0 + (nint)LaneBlock.Width * columnOut[0], add);
        Put(c1_0, y1 + (nint)LaneBlock.Width * columnOut[0], add);
        Put(c2_0, y2 + (nint)LaneBlock.Width * columnOut[0], add);
        Put(c3_0, y3 + (nint)LaneBlock.Width * columnOut[0], add);
        if (live == 1) return;
        Put(c0_1, y0 + (nint)LaneBlock.Width * columnOut[1], add);
        Put(c1_1, y1 + (nint)LaneBlock.Width * columnOut[1], add);
        Put(c2_1, y2 + (nint)LaneBlock.Width * columnOut[1], add);
        Put(c3_1, y3 + (nint)LaneBlock.Width * columnOut[1], add);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void Tile2x8(T* w, nint panel, T* x0, T* x1, int* depthIn, int depth, T* y0, T* y1, int* columnOut, int live, bool add)
    {
        TSimd c0_0 = default, c0_1 = default, c0_2 = default, c0_3 = default, c0_4 = default, c0_5 = default, c0_6 = default, c0_7 = default;
        TSimd c1_0 = default, c1_1 = default, c1_2 = default, c1_3 = default, c1_4 = default, c1_5 = default, c1_6 = default, c1_7 = default;
        for (var k = 0; k < depth; k++)
        {
            var at = (nint)LaneBlock.Width * depthIn[k];
            var v0 = TSimd.Load(x0 + at);
            var v1 = TSimd.Load(x1 + at);
            var b = TSimd.Broadcast(w[0]);
            c0_0 = TSimd.FusedMultiplyAdd(b, v0, c0_0);
            c1_0 = TSimd.FusedMultiplyAdd(b, v1, c1_0);
            b = TSimd.Broadcast(w[1]);
            c0_1 = TSimd.FusedMultiplyAdd(b, v0, c0_1);
            c1_1 = TSimd.FusedMultiplyAdd(b, v1, c1_1);
            b = TSimd.Broadcast(w[2]);
            c0_2 = TSimd.FusedMultiplyAdd(b, v0, c0_2);
            c1_2 = TSimd.FusedMultiplyAdd(b, v1, c1_2);
            b = TSimd.Broadcast(w[3]);
            c0_3 = TSimd.FusedMultiplyAdd(b, v0, c0_3);
            c1_3 = TSimd.FusedMultiplyAdd(b, v1, c1_3);
            b = TSimd.Broadcast(w[panel + 0]);
            c0_4 = TSimd.FusedMultiplyAdd(b, v0, c0_4);
            c1_4 = TSimd.FusedMultiplyAdd(b, v1, c1_4);
            b = TSimd.Broadcast(w[panel + 1]);
            c0_5 = TSimd.FusedMultiplyAdd(b, v0, c0_5);
            c1_5 = TSimd.FusedMultiplyAdd(b, v1, c1_5);
            b = TSimd.Broadcast(w[panel + 2]);
            c0_6 = TSimd.FusedMultiplyAdd(b, v0, c0_6);
            c1_6 = TSimd.FusedMultiplyAdd(b, v1, c1_6);
            b = TSimd.Broadcast(w[panel + 3]);
            c0_7 = TSimd.FusedMultiplyAdd(b, v0, c0_7);
            c1_7 = TSimd.FusedMultiplyAdd(b, v1, c1_7);
            w += LaneProduct.PanelWidth;
        }

        Put(c0_0, y0 + (nint)LaneBlock.Width * columnOut[0], add);
        Put(c1_0, y1 + (nint)LaneBlock.Width * columnOut[0], add);
        if (live == 1) return;
        Put(c0_1, y0 + (nint)LaneBlock.Width * columnOut[1], add);
        Put(c1_1, y1 + (nint)LaneBlock.Width * columnOut[1], add);
        if (live == 2) return;
        Put(c0_2, y0 + (nint)LaneBlock.Width * columnOut[2], add);
        Put(c1_2, y1 + (nint)LaneBlock.Width * columnOut[2], add);
        if (live == 3) return;
        Put(c0_3, y0 + (nint)LaneBlock.Width * columnOut[3], add);
        Put(c1_3, y1 + (nint)LaneBlock.Width * columnOut[3], add);
        if (live == 4) return;
        Put(c0_4, y0 + (nint)LaneBlock.Width * columnOut[4], add);
        Put(c1_4, y1 + (nint)LaneBlock.Width * columnOut[4], add);
        if (live == 5) return;
        Put(c0_5, y0 + (nint)LaneBlock.Width * columnOut[5], add);
        Put(c1_5, y1 + (nint)LaneBlock.Width * columnOut[5], add);
        if (live == 6) return;
        Put(c0_6, y0 + (nint)LaneBlock.Width * columnOut[6], add);
        Put(c1_6, y1 + (nint)LaneBlock.Width * columnOut[6], add);
        if (live == 7) return;
        Put(c0_7, y0 + (nint)LaneBlock.Width * columnOut[7], add);
        Put(c1_7, y1 + (nint)LaneBlock.Width * columnOut[7], add);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void Tile2x4(T* w, nint panel, T* x0, T* x1, int* depthIn, int depth, T* y0, T* y1, int* columnOut, int live, bool add)
    {
        TSimd c0_0 = default, c0_1 = default, c0_2 = default, c0_3 = default;
        TSimd c1_0 = default, c1_1 = default, c1_2 = default, c1_3 = default;
        for (var k = 0; k < depth; k++)
        {
            var at = (nint)LaneBlock.Width * depthIn[k];
            var v0 = TSimd.Load(x0 + at);
            var v1 = TSimd.Load(x1 + at);
            var b = TSimd.Broadcast(w[0]);
            c0_0 = TSimd.FusedMultiplyAdd(b, v0, c0_0);
            c1_0 = TSimd.FusedMultiplyAdd(b, v1, c1_0);
            b = TSimd.Broadcast(w[1]);
            c0_1 = TSimd.FusedMultiplyAdd(b, v0, c0_1);
            c1_1 = TSimd.FusedMultiplyAdd(b, v1, c1_1);
            b = TSimd.Broadcast(w[2]);
            c0_2 = TSimd.FusedMultiplyAdd(b, v0, c0_2);
            c1_2 = TSimd.FusedMultiplyAdd(b, v1, c1_2);
            b = TSimd.Broadcast(w[3]);
            c0_3 = TSimd.FusedMultiplyAdd(b, v0, c0_3);
            c1_3 = TSimd.FusedMultiplyAdd(b, v1, c1_3);
            w += LaneProduct.PanelWidth;
        }

        Put(c0_0, y0 + (nint)LaneBlock.Width * columnOut[0], add);
        Put(c1_0, y1 + (nint)LaneBlock.Width * columnOut[0], add);
        if (live == 1) return;
        Put(c0_1, y0 + (nint)LaneBlock.Width * columnOut[1], add);
        Put(c1_1, y1 + (nint)LaneBlock.Width * columnOut[1], add);
        if (live == 2) return;
        Put(c0_2, y0 + (nint)LaneBlock.Width * columnOut[2], add);
        Put(c1_2, y1 + (nint)LaneBlock.Width * columnOut[2], add);
        if (live == 3) return;
        Put(c0_3, y0 + (nint)LaneBlock.Width * columnOut[3], add);
        Put(c1_3, y1 + (nint)LaneBlock.Width * columnOut[3], add);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void Tile1x16(T* w, nint panel, T* x0, int* depthIn, int depth, T* y0, int* columnOut, int live, bool add)
    {
        TSimd c0_0 = default, c0_1 = default, c0_2 = default, c0_3 = default, c0_4 = default, c0_5 = default, c0_6 = default, c0_7 = default, c0_8 = default, c0_9 = default, c0_10 = default, c0_11 = default, c0_12 = default, c0_13 = default, c0_14 = default, c0_15 = default;
        for (var k = 0; k < depth; k++)
        {
            var at = (nint)LaneBlock.Width * depthIn[k];
            var v0 = TSimd.Load(x0 + at);
            var b = TSimd.Broadcast(w[0]);
            c0_0 = TSimd.FusedMultiplyAdd(b, v0, c0_0);
            b = TSimd.Broadcast(w[1]);
            c0_1 = TSimd.FusedMultiplyAdd(b, v0, c0_1);
            b = TSimd.Broadcast(w[2]);
            c0_2 = TSimd.FusedMultiplyAdd(b, v0, c0_2);
            b = TSimd.Broadcast(w[3]);
            c0_3 = TSimd.FusedMultiplyAdd(b, v0, c0_3);
            b = TSimd.Broadcast(w[panel + 0]);
            c0_4 = TSimd.FusedMultiplyAdd(b, v0, c0_4);
            b = TSimd.Broadcast(w[panel + 1]);
            c0_5 = TSimd.FusedMultiplyAdd(b, v0, c0_5);
            b = TSimd.Broadcast(w[panel + 2]);
            c0_6 = TSimd.FusedMultiplyAdd(b, v0, c0_6);
            b = TSimd.Broadcast(w[panel + 3]);
            c0_7 = TSimd.FusedMultiplyAdd(b, v0, c0_7);
            b = TSimd.Broadcast(w[2 * panel + 0]);
            c0_8 = TSimd.FusedMultiplyAdd(b, v0, c0_8);
            b = TSimd.Broadcast(w[2 * panel + 1]);
            c0_9 = TSimd.FusedMultiplyAdd(b, v0, c0_9);
            b = TSimd.Broadcast(w[2 * panel + 2]);
            c0_10 = TSimd.FusedMultiplyAdd(b, v0, c0_10);
            b = TSimd.Broadcast(w[2 * panel + 3]);
            c0_11 = TSimd.FusedMultiplyAdd(b, v0, c0_11);
            b = TSimd.Broadcast(w[3 * panel + 0]);
            c0_12 = TSimd.FusedMultiplyAdd(b, v0, c0_12);
            b = TSimd.Broadcast(w[3 * panel + 1]);
            c0_13 = TSimd.FusedMultiplyAdd(b, v0, c0_13);
            b = TSimd.Broadcast(w[3 * panel + 2]);
            c0_14 = TSimd.FusedMultiplyAdd(b, v0, c0_14);
            b = TSimd.Broadcast(w[3 * panel + 3]);
            c0_15 = TSimd.FusedMultiplyAdd(b, v0, c0_15);
            w += LaneProduct.PanelWidth;
        }

        Put(c0_0, y0 + (nint)LaneBlock.Width * columnOut[0], add);
        if (live == 1) return;
        Put(c0_1, y0 + (nint)LaneBlock.Width * columnOut[1], add);
        if (live == 2) return;
        Put(c0_2, y0 + (nint)LaneBlock.Width * columnOut[2], add);
        if (live == 3) return;
        Put(c0_3, y0 + (nint)LaneBlock.Width * columnOut[3], add);
        if (live == 4) return;
        Put(c0_4, y0 + (nint)LaneBlock.Width * columnOut[4], add);
        if (live == 5) return;
        Put(c0_5, y0 + (nint)LaneBlock.Width * columnOut[5], add);
        if (live == 6) return;
        Put(c0_6, y0 + (nint)LaneBlock.Width * columnOut[6], add);
        if (live == 7) return;
        Put(c0_7, y0 + (nint)LaneBlock.Width * columnOut[7], add);
        if (live == 8) return;
        Put(c0_8, y0 + (nint)LaneBlock.Width * columnOut[8], add);
        if (live == 9) return;
        Put(c0_9, y0 + (nint)LaneBlock.Width * columnOut[9], add);
        if (live == 10) return;
        Put(c0_10, y0 + (nint)LaneBlock.Width * columnOut[10], add);
        if (live == 11) return;
        Put(c0_11, y0 + (nint)LaneBlock.Width * columnOut[11], add);
        if (live == 12) return;
        Put(c0_12, y0 + (nint)LaneBlock.Width * columnOut[12], add);
        if (live == 13) return;
        Put(c0_13, y0 + (nint)LaneBlock.Width * columnOut[13], add);
        if (live == 14) return;
        Put(c0_14, y0 + (nint)LaneBlock.Width * columnOut[14], add);
        if (live == 15) return;
        Put(c0_15, y0 + (nint)LaneBlock.Width * columnOut[15], add);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void Tile1x4(T* w, nint panel, T* x0, int* depthIn, int depth, T* y0, int* columnOut, int live, bool add)
    {
        TSimd c0_0 = default, c0_1 = default, c0_2 = default, c0_3 = default;
        for (var k = 0; k < depth; k++)
        {
            var at = (nint)LaneBlock.Width * depthIn[k];
            var v0 = TSimd.Load(x0 + at);
            var b = TSimd.Broadcast(w[0]);
            c0_0 = TSimd.FusedMultiplyAdd(b, v0, c0_0);
            b = TSimd.Broadcast(w[1]);
            c0_1 = TSimd.FusedMultiplyAdd(b, v0, c0_1);
            b = TSimd.Broadcast(w[2]);
            c0_2 = TSimd.FusedMultiplyAdd(b, v0, c0_2);
            b = TSimd.Broadcast(w[3]);
            c0_3 = TSimd.FusedMultiplyAdd(b, v0, c0_3);
            w += LaneProduct.PanelWidth;
        }

        Put(c0_0, y0 + (nint)LaneBlock.Width * columnOut[0], add);
        if (live == 1) return;
        Put(c0_1, y0 + (nint)LaneBlock.Width * columnOut[1], add);
        if (live == 2) return;
        Put(c0_2, y0 + (nint)LaneBlock.Width * columnOut[2], add);
        if (live == 3) return;
        Put(c0_3, y0 + (nint)LaneBlock.Width * columnOut[3], add);
    }
}
