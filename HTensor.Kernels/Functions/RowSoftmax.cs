using System.Numerics;
using System.Runtime.CompilerServices;

namespace HTensor.Kernels;

/// <summary>
/// Softmax and log-sum-exp of each row of x [rows, columns], row-major, with m = max_j x_j: nothing overflows. A sum goes in sixteen lanes, lane l
/// taking the elements l, l + 16, ..., and the lanes in halves: the same bits at every register width. Nothing is allocated.
/// </summary>
public static unsafe class RowSoftmax
{
    /// <summary>
    /// destination[r, j] = e^(x[r, j] - m) / sum_i e^(x[r, i] - m); the destination may be the source itself. A row that holds NaN is NaN; one of
    /// minus infinities alone is 0 / 0, NaN; where it holds infinity, infinity becomes NaN and a finite number 0.
    /// </summary>
    /// <exception cref="ArgumentException">Lengths that are not whole rows or differ, or a partial overlap.</exception>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="columns"/> is below 1.</exception>
    public static void Softmax<T>(ReadOnlySpan<T> source, int columns, Span<T> destination)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var rows = Rows(source, columns);
        SpanGuard.SameLength(source.Length, destination.Length, nameof(source), nameof(destination));
        SpanGuard.SameOrDisjoint<T>(source, destination);
        fixed (T* x = source, p = destination)
        {
            switch (SimdWidth.Bits)
            {
                case 512: RowSoftmaxRun<Simd512<T>, T>.Softmax(x, rows, columns, p); break;
                case 256: RowSoftmaxRun<Simd256<T>, T>.Softmax(x, rows, columns, p); break;
                case 128: RowSoftmaxRun<Simd128<T>, T>.Softmax(x, rows, columns, p); break;
                default: RowSoftmaxRun<SimdScalar<T>, T>.Softmax(x, rows, columns, p); break;
            }
        }
    }

    /// <summary>
    /// destination[r] = m + ln sum_j e^(x[r, j] - m): NaN of a row that holds NaN, else infinity of one that holds infinity, minus infinity of one
    /// of minus infinities alone.
    /// </summary>
    /// <exception cref="ArgumentException">A length that is not whole rows, a destination that is not [rows], or an overlap.</exception>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="columns"/> is below 1.</exception>
    public static void LogSumExp<T>(ReadOnlySpan<T> source, int columns, Span<T> destination)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var rows = Rows(source, columns);
        if (destination.Length != rows) throw new ArgumentException($"destination: expected {rows}, found {destination.Length}", nameof(destination));
        GemmGuard.Disjoint(source, (ReadOnlySpan<T>)destination, nameof(source));
        fixed (T* x = source, sums = destination)
        {
            switch (SimdWidth.Bits)
            {
                case 512: RowSoftmaxRun<Simd512<T>, T>.LogSumExp(x, rows, columns, sums); break;
                case 256: RowSoftmaxRun<Simd256<T>, T>.LogSumExp(x, rows, columns, sums); break;
                case 128: RowSoftmaxRun<Simd128<T>, T>.LogSumExp(x, rows, columns, sums); break;
                default: RowSoftmaxRun<SimdScalar<T>, T>.LogSumExp(x, rows, columns, sums); break;
            }
        }
    }

    private static int Rows<T>(ReadOnlySpan<T> source, int columns)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        ElementType.Validate<T>();
        ArgumentOutOfRangeException.ThrowIfLessThan(columns, 1);
        if (source.Length % columns != 0) throw new ArgumentException($"source: expected [rows, {columns}] elements, found {source.Length}", nameof(source));
        return source.Length / columns;
    }
}

/// <summary>The sixteen lanes of a row; a last part that does not fill them is padded by minus infinities, which add nothing.</summary>
internal static unsafe class RowSoftmaxRun<V, T>
    where V : unmanaged, ISimd<V, T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private const int Lanes = LaneBlock.Width;

    [SkipLocalsInit]
    [MethodImpl(Compile.Apart)]
    public static void Softmax(T* x, int rows, int columns, T* p)
    {
        T* tail = stackalloc T[Lanes], lanes = stackalloc T[Lanes];
        nint full = columns / Lanes * Lanes;
        for (; rows > 0; rows--, x += columns, p += columns)
        {
            Pad(x + full, columns - (int)full, tail);
            var shift = V.Broadcast(Shift(x, full, tail, lanes));
            for (var at = 0; at < Lanes; at += V.Count)
            {
                var sum = SoftmaxPasses<V, T>.Exponentials(x + at, p + at, full - at, Lanes, shift, default);
                V.Store(SoftmaxPasses<V, T>.Exponentials(tail + at, tail + at, 1, Lanes, shift, sum), lanes + at);
            }

            var total = V.Broadcast(Total(lanes));
            for (var at = 0; at < Lanes; at += V.Count)
            {
                SoftmaxPasses<V, T>.Divide(p + at, full - at, Lanes, total);
                SoftmaxPasses<V, T>.Divide(tail + at, 1, Lanes, total);
            }

            for (var j = 0; j < columns - full; j++) p[full + j] = tail[j];
        }
    }

    [SkipLocalsInit]
    [MethodImpl(Compile.Apart)]
    public static void LogSumExp(T* x, int rows, int columns, T* sums)
    {
        T* tail = stackalloc T[Lanes], lanes = stackalloc T[Lanes];
        nint full = columns / Lanes * Lanes;
        for (; rows > 0; rows--, x += columns, sums++)
        {
            Pad(x + full, columns - (int)full, tail);
            var m = Shift(x, full, tail, lanes);
            var shift = V.Broadcast(m);
            for (var at = 0; at < Lanes; at += V.Count)
            {
                var sum = SoftmaxPasses<V, T>.SumOfExponentials(x + at, full - at, Lanes, shift, default);
                V.Store(SoftmaxPasses<V, T>.SumOfExponentials(tail + at, 1, Lanes, shift, sum), lanes + at);
            }

            *sums = m + ScalarFunctions.Log(Total(lanes));
        }
    }

    private static void Pad(T* from, int count, T* tail)
    {
        for (var j = 0; j < Lanes; j++) tail[j] = j < count ? from[j] : T.NegativeInfinity;
    }

    /// <summary>The row's maximum; 0 for an infinite one, from which nothing can be subtracted.</summary>
    private static T Shift(T* x, nint full, T* tail, T* lanes)
    {
        for (var at = 0; at < Lanes; at += V.Count) V.Store(SoftmaxPasses<V, T>.Maximum(x + at, full - at, Lanes, V.Load(tail + at)), lanes + at);
        var maximum = lanes[0];
        for (var l = 1; l < Lanes; l++) maximum = lanes[l] > maximum ? lanes[l] : maximum;
        return T.IsInfinity(maximum) ? T.Zero : maximum;
    }

    private static T Total(T* lanes)
    {
        for (var half = Lanes / 2; half > 0; half /= 2)
        {
            for (var l = 0; l < half; l++) lanes[l] += lanes[l + half];
        }

        return lanes[0];
    }
}
