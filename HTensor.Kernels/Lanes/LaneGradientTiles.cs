using System.Numerics;
using System.Runtime.CompilerServices;

namespace HTensor.Kernels;

/// <summary>
/// Register tiles of <see cref="LaneProduct.WeightGradient"/>: 4 x 4 accumulators in 32 registers, 3 x 4 in 16. Rows go through in
/// blocks; sums are stored and loaded exactly between blocks, so block and tile do not change bits.
/// </summary>
internal static unsafe class LaneGradientTiles<V, T>
    where V : unmanaged, ISimd<V, T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private const int Width = LaneBlock.Width;
    private const int ColumnGroup = 32;

    // A block's output gradients and the inputs of one row of tiles stay in the first-level cache; each input is read once a block. Narrow registers
    // read them once for each part of the lanes, and the sums want room, too (measured: 20 KB of 12 to 48).
    private static int CacheBytes => (sizeof(V) == 64 ? 32 : 20) * 1024;

    public static void Run(T* x, int* rowIn, int rows, int* depthIn, int depth, T* dy, int* rowOut, int* columnOut, int columns, T* dw)
    {
        for (int n = 0, some; n < columns; n += some)
        {
            some = Math.Min(ColumnGroup, columns - n);
            var block = Math.Max(8, CacheBytes / ((Math.Min(depth, 4) + some) * Width * sizeof(T)));
            for (var first = 0; first < rows; first += block)
                Block(x, rowIn + first, rowOut + first, Math.Min(block, rows - first), depthIn, depth, dy, columnOut + n, some, dw + n * Width, (nint)columns * Width);
        }
    }

    private static void Block(T* x, int* rowIn, int* rowOut, int rows, int* depthIn, int depth, T* dy, int* columnOut, int columns, T* dw, nint stride)
    {
        var most = (int)TileCounts.Most((nuint)depth, manyRegisters: sizeof(V) == 64);
        var even = most + ((depth - most) & -2);
        if (sizeof(V) == 64) Rows<Four>(x, rowIn, rowOut, rows, depthIn, 0, most, dy, columnOut, columns, dw, stride);
        else Rows<Three>(x, rowIn, rowOut, rows, depthIn, 0, most, dy, columnOut, columns, dw, stride);
        Rows<Two>(x, rowIn, rowOut, rows, depthIn, most, even, dy, columnOut, columns, dw, stride);
        Rows<One>(x, rowIn, rowOut, rows, depthIn, even, depth, dy, columnOut, columns, dw, stride);
    }

    private static void Rows<TRows>(T* x, int* rowIn, int* rowOut, int rows, int* depthIn, int k, int depth, T* dy, int* columnOut, int columns, T* dw, nint stride)
        where TRows : unmanaged
    {
        var n = columns & -4;
        var step = n == columns ? depth - k : sizeof(TRows);
        for (; k < depth; k += step)
        {
            var to = dw + k * stride;
            if (n > 0) Tiles<TRows, Four>(x, rowIn, rowOut, rows, depthIn + k, step, dy, columnOut, n, to, stride);
            if (columns - n == 3) Tiles<TRows, Three>(x, rowIn, rowOut, rows, depthIn + k, step, dy, columnOut + n, 3, to + n * Width, stride);
            if (columns - n == 2) Tiles<TRows, Two>(x, rowIn, rowOut, rows, depthIn + k, step, dy, columnOut + n, 2, to + n * Width, stride);
            if (columns - n == 1) Tiles<TRows, One>(x, rowIn, rowOut, rows, depthIn + k, step, dy, columnOut + n, 1, to + n * Width, stride);
        }
    }

    [MethodImpl(Compile.Apart)]
    private static void Tiles<TRows, TColumns>(T* x, int* rowIn, int* rowOut, int rows, int* depthIn, int depth,
        T* dy, int* columnOut, int columns, T* dw, nint stride)
        where TRows : unmanaged
        where TColumns : unmanaged
    {
        int* pairs = rowIn + (rows & -2), end = rowIn + rows;
        var last = columnOut + columns;
        for (var deepest = depthIn + depth; depthIn != deepest; depthIn += sizeof(TRows), dw += sizeof(TRows) * stride)
        {
            for (nint part = 0; part < Width; part += V.Count)
            {
                T* x0 = x + part + At(depthIn, 0), x1 = x + part, x2 = x + part, x3 = x + part, to = dw + part;
                if (sizeof(TRows) > 1) x1 += At(depthIn, 1);
                if (sizeof(TRows) > 2) x2 += At(depthIn, 2);
                if (sizeof(TRows) > 3) x3 += At(depthIn, 3);
                for (var n = columnOut; n != last; n += sizeof(TColumns), to += sizeof(TColumns) * Width)
                {
                    T* y0 = dy + part + At(n, 0), y1 = dy + part, y2 = dy + part, y3 = dy + part;
                    if (sizeof(TColumns) > 1) y1 += At(n, 1);
                    if (sizeof(TColumns) > 2) y2 += At(n, 2);
                    if (sizeof(TColumns) > 3) y3 += At(n, 3);
                    V s00 = default, s01 = default, s02 = default, s03 = default;
                    V s10 = default, s11 = default, s12 = default, s13 = default;
                    V s20 = default, s21 = default, s22 = default, s23 = default;
                    V s30 = default, s31 = default, s32 = default, s33 = default;
                    Load<TColumns>(to, ref s00, ref s01, ref s02, ref s03);
                    if (sizeof(TRows) > 1) Load<TColumns>(to + stride, ref s10, ref s11, ref s12, ref s13);
                    if (sizeof(TRows) > 2) Load<TColumns>(to + 2 * stride, ref s20, ref s21, ref s22, ref s23);
                    if (sizeof(TRows) > 3) Load<TColumns>(to + 3 * stride, ref s30, ref s31, ref s32, ref s33);
                    int* i = rowIn, o = rowOut;
                    for (; i != pairs; i += 2, o += 2)
                    {
                        Step<TRows, TColumns>(i[0], o[0], x0, x1, x2, x3, y0, y1, y2, y3, ref s00, ref s01, ref s02, ref s03, ref s10, ref s11, ref s12,
                            ref s13, ref s20, ref s21, ref s22, ref s23, ref s30, ref s31, ref s32, ref s33);
                        Step<TRows, TColumns>(i[1], o[1], x0, x1, x2, x3, y0, y1, y2, y3, ref s00, ref s01, ref s02, ref s03, ref s10, ref s11, ref s12,
                            ref s13, ref s20, ref s21, ref s22, ref s23, ref s30, ref s31, ref s32, ref s33);
                    }

                    if (i != end)
                        Step<TRows, TColumns>(i[0], o[0], x0, x1, x2, x3, y0, y1, y2, y3, ref s00, ref s01, ref s02, ref s03, ref s10, ref s11, ref s12,
                            ref s13, ref s20, ref s21, ref s22, ref s23, ref s30, ref s31, ref s32, ref s33);

                    Store<TColumns>(to, s00, s01, s02, s03);
                    if (sizeof(TRows) > 1) Store<TColumns>(to + stride, s10, s11, s12, s13);
                    if (sizeof(TRows) > 2) Store<TColumns>(to + 2 * stride, s20, s21, s22, s23);
                    if (sizeof(TRows) > 3) Store<TColumns>(to + 3 * stride, s30, s31, s32, s33);
                }
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static nint At(int* table, int index) => (nint)Width * table[index];

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Step<TRows, TColumns>(int rowIn, int rowOut, T* x0, T* x1, T* x2, T* x3, T* y0, T* y1, T* y2, T* y3,
        ref V s00, ref V s01, ref V s02, ref V s03,
        ref V s10, ref V s11, ref V s12, ref V s13, ref V s20, ref V s21, ref V s22, ref V s23, ref V s30, ref V s31, ref V s32, ref V s33)
        where TRows : unmanaged
        where TColumns : unmanaged
    {
        nint at = (nint)Width * rowIn, to = (nint)Width * rowOut;
        V a0 = V.Load(x0 + at), a1 = default, a2 = default, a3 = default;
        if (sizeof(TRows) > 1) a1 = V.Load(x1 + at);
        if (sizeof(TRows) > 2) a2 = V.Load(x2 + at);
        if (sizeof(TRows) > 3) a3 = V.Load(x3 + at);
        Column<TRows>(V.Load(y0 + to), a0, a1, a2, a3, ref s00, ref s10, ref s20, ref s30);
        if (sizeof(TColumns) > 1) Column<TRows>(V.Load(y1 + to), a0, a1, a2, a3, ref s01, ref s11, ref s21, ref s31);
        if (sizeof(TColumns) > 2) Column<TRows>(V.Load(y2 + to), a0, a1, a2, a3, ref s02, ref s12, ref s22, ref s32);
        if (sizeof(TColumns) > 3) Column<TRows>(V.Load(y3 + to), a0, a1, a2, a3, ref s03, ref s13, ref s23, ref s33);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Column<TRows>(V b, V a0, V a1, V a2, V a3, ref V s0, ref V s1, ref V s2, ref V s3)
        where TRows : unmanaged
    {
        s0 = V.FusedMultiplyAdd(a0, b, s0);
        if (sizeof(TRows) > 1) s1 = V.FusedMultiplyAdd(a1, b, s1);
        if (sizeof(TRows) > 2) s2 = V.FusedMultiplyAdd(a2, b, s2);
        if (sizeof(TRows) > 3) s3 = V.FusedMultiplyAdd(a3, b, s3);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Load<TColumns>(T* from, ref V s0, ref V s1, ref V s2, ref V s3)
        where TColumns : unmanaged
    {
        s0 = V.Load(from);
        if (sizeof(TColumns) > 1) s1 = V.Load(from + Width);
        if (sizeof(TColumns) > 2) s2 = V.Load(from + 2 * Width);
        if (sizeof(TColumns) > 3) s3 = V.Load(from + 3 * Width);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Store<TColumns>(T* to, V s0, V s1, V s2, V s3)
        where TColumns : unmanaged
    {
        V.Store(s0, to);
        if (sizeof(TColumns) > 1) V.Store(s1, to + Width);
        if (sizeof(TColumns) > 2) V.Store(s2, to + 2 * Width);
        if (sizeof(TColumns) > 3) V.Store(s3, to + 3 * Width);
    }
}
