using System.Numerics;
using System.Runtime.CompilerServices;

namespace HTensor.Kernels;

/// <summary>
/// Register tiles of <see cref="LaneProduct.WeightGradient"/>: 4 x 4 accumulators in 32 registers, 2 x 4 in 16. Rows go through in
/// blocks; sums are stored and loaded exactly between blocks, so block and tile do not change bits.
/// </summary>
internal static unsafe class LaneGradientTiles<TSimd, T>
    where TSimd : unmanaged, ISimd<TSimd, T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>A block's output gradients and the inputs of one row of tiles stay in the first-level cache; each input is read once a block.</summary>
    private const int CacheBytes = 32 * 1024;

    public static void Run(T* x, int* rowIn, int rows, int* depthIn, int depth, T* dy, int* rowOut, int* columnOut, int columns, T* dw)
    {
        var block = Math.Max(8, CacheBytes / ((Math.Min(depth, 4) + columns) * LaneBlock.Width * sizeof(T)));
        for (var first = 0; first < rows; first += block)
        {
            var count = Math.Min(block, rows - first);
            for (var part = 0; part < LaneBlock.Width; part += TSimd.Count)
                Block(x + part, rowIn + first, count, depthIn, depth, dy + part, rowOut + first, columnOut, columns, dw + part);
        }
    }

    private static void Block(T* x, int* rowIn, int rows, int* depthIn, int depth, T* dy, int* rowOut, int* columnOut, int columns, T* dw)
    {
        var stride = (nint)columns * LaneBlock.Width;
        var k = 0;
        if (TSimd.Count * sizeof(T) == 64)
        {
            for (; k + 4 <= depth; k += 4)
            {
                nint k0 = At(depthIn, k), k1 = At(depthIn, k + 1), k2 = At(depthIn, k + 2), k3 = At(depthIn, k + 3);
                var n = 0;
                for (; n + 4 <= columns; n += 4)
                    Tile4x4(x, rowIn, rows, k0, k1, k2, k3, dy, rowOut, At(columnOut, n), At(columnOut, n + 1), At(columnOut, n + 2), At(columnOut, n + 3), dw + k * stride + n * LaneBlock.Width, stride);
                for (; n < columns; n++) Tile4x1(x, rowIn, rows, k0, k1, k2, k3, dy, rowOut, At(columnOut, n), dw + k * stride + n * LaneBlock.Width, stride);
            }
        }

        for (; k + 2 <= depth; k += 2)
        {
            nint k0 = At(depthIn, k), k1 = At(depthIn, k + 1);
            var n = 0;
            for (; n + 4 <= columns; n += 4)
                Tile2x4(x, rowIn, rows, k0, k1, dy, rowOut, At(columnOut, n), At(columnOut, n + 1), At(columnOut, n + 2), At(columnOut, n + 3), dw + k * stride + n * LaneBlock.Width, stride);
            for (; n < columns; n++) Tile2x1(x, rowIn, rows, k0, k1, dy, rowOut, At(columnOut, n), dw + k * stride + n * LaneBlock.Width, stride);
        }

        if (k == depth) return;
        for (var n = 0; n < columns; n++)
            Tile1x1(x, rowIn, rows, At(depthIn, k), dy, rowOut, At(columnOut, n), dw + k * stride + n * LaneBlock.Width, stride);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static nint At(int* table, int index) => (nint)LaneBlock.Width * table[index];

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void Tile4x4(T* x, int* rowIn, int rows, nint k0, nint k1, nint k2, nint k3, T* dy, int* rowOut, nint n0, nint n1, nint n2, nint n3, T* dw, nint stride)
    {
        var c0_0 = TSimd.Load(dw);
        var c0_1 = TSimd.Load(dw + LaneBlock.Width);
        var c0_2 = TSimd.Load(dw + 2 * LaneBlock.Width);
        var c0_3 = TSimd.Load(dw + 3 * LaneBlock.Width);
        var c1_0 = TSimd.Load(dw + stride);
        var c1_1 = TSimd.Load(dw + stride + LaneBlock.Width);
        var c1_2 = TSimd.Load(dw + stride + 2 * LaneBlock.Width);
        var c1_3 = TSimd.Load(dw + stride + 3 * LaneBlock.Width);
        var c2_0 = TSimd.Load(dw + 2 * stride);
        var c2_1 = TSimd.Load(dw + 2 * stride + LaneBlock.Width);
        var c2_2 = TSimd.Load(dw + 2 * stride + 2 * LaneBlock.Width);
        var c2_3 = TSimd.Load(dw + 2 * stride + 3 * LaneBlock.Width);
        var c3_0 = TSimd.Load(dw + 3 * stride);
        var c3_1 = TSimd.Load(dw + 3 * stride + LaneBlock.Width);
        var c3_2 = TSimd.Load(dw + 3 * stride + 2 * LaneBlock.Width);
        var c3_3 = TSimd.Load(dw + 3 * stride + 3 * LaneBlock.Width);
        for (var r = 0; r < rows; r++)
        {
            var xr = x + (nint)LaneBlock.Width * rowIn[r];
            var dyr = dy + (nint)LaneBlock.Width * rowOut[r];
            var a0 = TSimd.Load(xr + k0);
            var a1 = TSimd.Load(xr + k1);
            var a2 = TSimd.Load(xr + k2);
            var a3 = TSimd.Load(xr + k3);
            var b = TSimd.Load(dyr + n0);
            c0_0 = TSimd.FusedMultiplyAdd(a0, b, c0_0);
            c1_0 = TSimd.FusedMultiplyAdd(a1, b, c1_0);
            c2_0 = TSimd.FusedMultiplyAdd(a2, b, c2_0);
            c3_0 = TSimd.FusedMultiplyAdd(a3, b, c3_0);
            b = TSimd.Load(dyr + n1);
            c0_1 = TSimd.FusedMultiplyAdd(a0, b, c0_1);
            c1_1 = TSimd.FusedMultiplyAdd(a1, b, c1_1);
            c2_1 = TSimd.FusedMultiplyAdd(a2, b, c2_1);
            c3_1 = TSimd.FusedMultiplyAdd(a3, b, c3_1);
            b = TSimd.Load(dyr + n2);
            c0_2 = TSimd.FusedMultiplyAdd(a0, b, c0_2);
            c1_2 = TSimd.FusedMultiplyAdd(a1, b, c1_2);
            c2_2 = TSimd.FusedMultiplyAdd(a2, b, c2_2);
            c3_2 = TSimd.FusedMultiplyAdd(a3, b, c3_2);
            b = TSimd.Load(dyr + n3);
            c0_3 = TSimd.FusedMultiplyAdd(a0, b, c0_3);
            c1_3 = TSimd.FusedMultiplyAdd(a1, b, c1_3);
            c2_3 = TSimd.FusedMultiplyAdd(a2, b, c2_3);
            c3_3 = TSimd.FusedMultiplyAdd(a3, b, c3_3);
        }

        TSimd.Store(c0_0, dw);
        TSimd.Store(c0_1, dw + LaneBlock.Width);
        TSimd.Store(c0_2, dw + 2 * LaneBlock.Width);
        TSimd.Store(c0_3, dw + 3 * LaneBlock.Width);
        TSimd.Store(c1_0, dw + stride);
        TSimd.Store(c1_1, dw + stride + LaneBlock.Width);
        TSimd.Store(c1_2, dw + stride + 2 * LaneBlock.Width);
        TSimd.Store(c1_3, dw + stride + 3 * LaneBlock.Width);
        TSimd.Store(c2_0, dw + 2 * stride);
        TSimd.Store(c2_1, dw + 2 * stride + LaneBlock.Width);
        TSimd.Store(c2_2, dw + 2 * stride + 2 * LaneBlock.Width);
        TSimd.Store(c2_3, dw + 2 * stride + 3 * LaneBlock.Width);
        TSimd.Store(c3_0, dw + 3 * stride);
        TSimd.Store(c3_1, dw + 3 * stride + LaneBlock.Width);
        TSimd.Store(c3_2, dw + 3 * stride + 2 * LaneBlock.Width);
        TSimd.Store(c3_3, dw + 3 * stride + 3 * LaneBlock.Width);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void Tile4x1(T* x, int* rowIn, int rows, nint k0, nint k1, nint k2, nint k3, T* dy, int* rowOut, nint n0, T* dw, nint stride)
    {
        var c0_0 = TSimd.Load(dw);
        var c1_0 = TSimd.Load(dw + stride);
        var c2_0 = TSimd.Load(dw + 2 * stride);
        var c3_0 = TSimd.Load(dw + 3 * stride);
        for (var r = 0; r < rows; r++)
        {
            var xr = x + (nint)LaneBlock.Width * rowIn[r];
            var dyr = dy + (nint)LaneBlock.Width * rowOut[r];
            var a0 = TSimd.Load(xr + k0);
            var a1 = TSimd.Load(xr + k1);
            var a2 = TSimd.Load(xr + k2);
            var a3 = TSimd.Load(xr + k3);
            var b = TSimd.Load(dyr + n0);
            c0_0 = TSimd.FusedMultiplyAdd(a0, b, c0_0);
            c1_0 = TSimd.FusedMultiplyAdd(a1, b, c1_0);
            c2_0 = TSimd.FusedMultiplyAdd(a2, b, c2_0);
            c3_0 = TSimd.FusedMultiplyAdd(a3, b, c3_0);
        }

        TSimd.Store(c0_0, dw);
        TSimd.Store(c1_0, dw + stride);
        TSimd.Store(c2_0, dw + 2 * stride);
        TSimd.Store(c3_0, dw + 3 * stride);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void Tile2x4(T* x, int* rowIn, int rows, nint k0, nint k1, T* dy, int* rowOut, nint n0, nint n1, nint n2, nint n3, T* dw, nint stride)
    {
        var c0_0 = TSimd.Load(dw);
        var c0_1 = TSimd.Load(dw + LaneBlock.Width);
        var c0_2 = TSimd.Load(dw + 2 * LaneBlock.Width);
        var c0_3 = TSimd.Load(dw + 3 * LaneBlock.Width);
        var c1_0 = TSimd.Load(dw + stride);
        var c1_1 = TSimd.Load(dw + stride + LaneBlock.Width);
        var c1_2 = TSimd.Load(dw + stride + 2 * LaneBlock.Width);
        var c1_3 = TSimd.Load(dw + stride + 3 * LaneBlock.Width);
        for (var r = 0; r < rows; r++)
        {
            var xr = x + (nint)LaneBlock.Width * rowIn[r];
            var dyr = dy + (nint)LaneBlock.Width * rowOut[r];
            var a0 = TSimd.Load(xr + k0);
            var a1 = TSimd.Load(xr + k1);
            var b = TSimd.Load(dyr + n0);
            c0_0 = TSimd.FusedMultiplyAdd(a0, b, c0_0);
            c1_0 = TSimd.FusedMultiplyAdd(a1, b, c1_0);
            b = TSimd.Load(dyr + n1);
            c0_1 = TSimd.FusedMultiplyAdd(a0, b, c0_1);
            c1_1 = TSimd.FusedMultiplyAdd(a1, b, c1_1);
            b = TSimd.Load(dyr + n2);
            c0_2 = TSimd.FusedMultiplyAdd(a0, b, c0_2);
            c1_2 = TSimd.FusedMultiplyAdd(a1, b, c1_2);
            b = TSimd.Load(dyr + n3);
            c0_3 = TSimd.FusedMultiplyAdd(a0, b, c0_3);
            c1_3 = TSimd.FusedMultiplyAdd(a1, b, c1_3);
        }

        TSimd.Store(c0_0, dw);
        TSimd.Store(c0_1, dw + LaneBlock.Width);
        TSimd.Store(c0_2, dw + 2 * LaneBlock.Width);
        TSimd.Store(c0_3, dw + 3 * LaneBlock.Width);
        TSimd.Store(c1_0, dw + stride);
        TSimd.Store(c1_1, dw + stride + LaneBlock.Width);
        TSimd.Store(c1_2, dw + stride + 2 * LaneBlock.Width);
        TSimd.Store(c1_3, dw + stride + 3 * LaneBlock.Width);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void Tile2x1(T* x, int* rowIn, int rows, nint k0, nint k1, T* dy, int* rowOut, nint n0, T* dw, nint stride)
    {
        var c0_0 = TSimd.Load(dw);
        var c1_0 = TSimd.Load(dw + stride);
        for (var r = 0; r < rows; r++)
        {
            var xr = x + (nint)LaneBlock.Width * rowIn[r];
            var dyr = dy + (nint)LaneBlock.Width * rowOut[r];
            var a0 = TSimd.Load(xr + k0);
            var a1 = TSimd.Load(xr + k1);
            var b = TSimd.Load(dyr + n0);
            c0_0 = TSimd.FusedMultiplyAdd(a0, b, c0_0);
            c1_0 = TSimd.FusedMultiplyAdd(a1, b, c1_0);
        }

        TSimd.Store(c0_0, dw);
        TSimd.Store(c1_0, dw + stride);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void Tile1x1(T* x, int* rowIn, int rows, nint k0, T* dy, int* rowOut, nint n0, T* dw, nint stride)
    {
        var c0_0 = TSimd.Load(dw);
        for (var r = 0; r < rows; r++)
        {
            var xr = x + (nint)LaneBlock.Width * rowIn[r];
            var dyr = dy + (nint)LaneBlock.Width * rowOut[r];
            var a0 = TSimd.Load(xr + k0);
            var b = TSimd.Load(dyr + n0);
            c0_0 = TSimd.FusedMultiplyAdd(a0, b, c0_0);
        }

        TSimd.Store(c0_0, dw);
    }
}
