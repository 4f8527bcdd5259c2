using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.Arm;

namespace HTensor.Kernels;

/// <summary>A block of rows times one panel of columns: tiles of the greatest height that fits, so that no row is computed in vain.</summary>
internal static unsafe class GemmPanel<V, T, TLayout>
    where V : unmanaged, ISimd<V, T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
    where TLayout : struct, IPanelLayout
{
    /// <summary>
    /// A depth at which 24 stores of 64 bytes, two cycles each, end a tile before the next one's multiply-adds can hide them: half as many do better (105
    /// against 96 GFLOP/s at depth 8, from the first-level cache).
    /// </summary>
    private const int ShallowDepth = 48;

    private const int LineBytes = 64;

    private static bool ManyRegisters => Vector512.IsHardwareAccelerated || AdvSimd.IsSupported;

    /// <summary>As <see cref="GemmTile{V, T, TShape, TLayout}.Run"/> for any number of rows and one or two registers of columns.</summary>
    public static void Run(int rows, bool two, nint depth, T* a, nint aStride, T* b, nint bStride, T* c, nint* cRows, T* next, Accumulation accumulation)
    {
        if (two && depth <= ShallowDepth && V.Count * sizeof(T) == LineBytes)
        {
            Run(rows, false, depth, a, aStride, b, bStride, c, cRows, next, accumulation);
            b += V.Count;
            c += V.Count;
            two = false;
        }

        while (rows > 0)
        {
            var height = two
                ? Two(rows, depth, a, aStride, b, bStride, c, cRows, next, accumulation)
                : One(rows, depth, a, aStride, b, bStride, c, cRows, next, accumulation);
            rows -= height;
            cRows += height;
            a += TLayout.Interleaved ? height : height * aStride;
        }
    }

    /// <summary>Blocks of twelve rows; sixteen at the end go as two of eight, not as twelve and four.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static int Twelves(int rows)
    {
        var blocks = (uint)rows / 12;
        return (int)(rows - blocks * 12 == 4 && blocks > 0 ? blocks - 1 : blocks);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static int Two(int rows, nint depth, T* a, nint aStride, T* b, nint bStride, T* c, nint* cRows, T* next, Accumulation accumulation)
    {
        if (ManyRegisters && Twelves(rows) is > 0 and var blocks)
        {
            GemmTile<V, T, Tile12x2, TLayout>.Run(blocks, depth, a, aStride, b, bStride, c, cRows, next, accumulation);
            return blocks * 12;
        }

        if (ManyRegisters && rows >= 8)
        {
            GemmTile<V, T, Tile8x2, TLayout>.Run(rows / 8, depth, a, aStride, b, bStride, c, cRows, next, accumulation);
            return rows / 8 * 8;
        }

        if (rows >= 6)
        {
            SixRowTile<V, T, TLayout>.Run(rows / 6, depth, a, aStride, b, bStride, c, cRows, next, accumulation);
            return rows / 6 * 6;
        }

        if (rows >= 4)
        {
            GemmTile<V, T, Tile4x2, TLayout>.Run(rows / 4, depth, a, aStride, b, bStride, c, cRows, next, accumulation);
            return rows / 4 * 4;
        }

        if (rows >= 2)
        {
            GemmTile<V, T, Tile2x2, TLayout>.Run(rows / 2, depth, a, aStride, b, bStride, c, cRows, next, accumulation);
            return rows / 2 * 2;
        }

        GemmTile<V, T, Tile1x2, TLayout>.Run(rows, depth, a, aStride, b, bStride, c, cRows, next, accumulation);
        return rows;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static int One(int rows, nint depth, T* a, nint aStride, T* b, nint bStride, T* c, nint* cRows, T* next, Accumulation accumulation)
    {
        if (Twelves(rows) is > 0 and var blocks)
        {
            TwelveRowTile<V, T, TLayout>.Run(blocks, depth, a, aStride, b, bStride, c, cRows, accumulation);
            return blocks * 12;
        }

        if (rows >= 8)
        {
            GemmTile<V, T, Tile8x1, TLayout>.Run(rows / 8, depth, a, aStride, b, bStride, c, cRows, next, accumulation);
            return rows / 8 * 8;
        }

        if (rows >= 4)
        {
            GemmTile<V, T, Tile4x1, TLayout>.Run(rows / 4, depth, a, aStride, b, bStride, c, cRows, next, accumulation);
            return rows / 4 * 4;
        }

        if (rows >= 2)
        {
            GemmTile<V, T, Tile2x1, TLayout>.Run(rows / 2, depth, a, aStride, b, bStride, c, cRows, next, accumulation);
            return rows / 2 * 2;
        }

        GemmTile<V, T, Tile1x1, TLayout>.Run(rows, depth, a, aStride, b, bStride, c, cRows, next, accumulation);
        return rows;
    }
}
