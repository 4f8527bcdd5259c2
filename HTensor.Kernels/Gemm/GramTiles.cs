using System.Numerics;
using System.Runtime.CompilerServices;

namespace HTensor.Kernels;

/// <summary>
/// Inner products of contiguous rows, four with four at a time, lanes along the rows: nothing is packed or transposed. Element p of a row meets accumulator
/// p mod <see cref="Lanes"/>, fused, and those are added in halves, so bits depend on neither registers nor tiles.
/// </summary>
internal static unsafe class GramTiles<V, T>
    where V : unmanaged, ISimd<V, T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private const int Side = 4;
    private const int MostLanes = 16;

    /// <summary>64 bytes of elements.</summary>
    private static int Lanes => 64 / sizeof(T);

    /// <summary>c [n, n], from the diagonal on, of rows a [n, k], <paramref name="stride"/> apart.</summary>
    [SkipLocalsInit]
    public static void Upper(int n, int k, T* a, nint stride, T* c)
    {
        var sums = stackalloc T[Side * Side * MostLanes];
        for (nint i = 0; i < n; i += Side)
        {
            // A row behind the last is the last, and its products are left.
            var x = new Rows(a + i * stride, stride, n - i);
            for (var j = i; j < n; j += Side)
            {
                var y = new Rows(a + j * stride, stride, n - j);
                Tile(k, x, y, sums);
                for (nint row = 0; row < nint.Min(Side, n - i); row++)
                {
                    for (var column = i == j ? row : 0; column < nint.Min(Side, n - j); column++)
                        c[(i + row) * n + j + column] = Fold(k, a + (i + row) * stride, a + (j + column) * stride, sums + (row * Side + column) * Lanes);
                }
            }
        }
    }

    private static void Tile(int k, in Rows x, in Rows y, T* sums)
    {
        if (V.Count == Lanes)
        {
            FourByFour(k, x, y, sums);
            return;
        }

        // Sixteen registers hold half of it.
        for (var first = 0; first < Lanes; first += V.Count)
        {
            TwoByFour(k, first, x.First, x.Second, y, sums + first);
            TwoByFour(k, first, x.Third, x.Fourth, y, sums + 2 * Side * Lanes + first);
        }
    }

    [MethodImpl(Compile.Apart)]
    private static void FourByFour(int k, in Rows x, in Rows y, T* sums)
    {
        T* x0 = x.First, x1 = x.Second, x2 = x.Third, x3 = x.Fourth, y0 = y.First, y1 = y.Second, y2 = y.Third, y3 = y.Fourth;
        V s00 = V.Broadcast(T.Zero), s01 = s00, s02 = s00, s03 = s00, s10 = s00, s11 = s00, s12 = s00, s13 = s00;
        V s20 = s00, s21 = s00, s22 = s00, s23 = s00, s30 = s00, s31 = s00, s32 = s00, s33 = s00;
        for (nint p = 0, end = k - k % Lanes; p < end; p += Lanes)
        {
            V a0 = V.Load(x0 + p), a1 = V.Load(x1 + p), a2 = V.Load(x2 + p), a3 = V.Load(x3 + p), b = V.Load(y0 + p);
            (s00, s10, s20, s30) = (V.FusedMultiplyAdd(a0, b, s00), V.FusedMultiplyAdd(a1, b, s10), V.FusedMultiplyAdd(a2, b, s20), V.FusedMultiplyAdd(a3, b, s30));
            b = V.Load(y1 + p);
            (s01, s11, s21, s31) = (V.FusedMultiplyAdd(a0, b, s01), V.FusedMultiplyAdd(a1, b, s11), V.FusedMultiplyAdd(a2, b, s21), V.FusedMultiplyAdd(a3, b, s31));
            b = V.Load(y2 + p);
            (s02, s12, s22, s32) = (V.FusedMultiplyAdd(a0, b, s02), V.FusedMultiplyAdd(a1, b, s12), V.FusedMultiplyAdd(a2, b, s22), V.FusedMultiplyAdd(a3, b, s32));
            b = V.Load(y3 + p);
            (s03, s13, s23, s33) = (V.FusedMultiplyAdd(a0, b, s03), V.FusedMultiplyAdd(a1, b, s13), V.FusedMultiplyAdd(a2, b, s23), V.FusedMultiplyAdd(a3, b, s33));
        }

        Store(s00, s01, s02, s03, sums);
        Store(s10, s11, s12, s13, sums + Side * Lanes);
        Store(s20, s21, s22, s23, sums + 2 * Side * Lanes);
        Store(s30, s31, s32, s33, sums + 3 * Side * Lanes);
    }

    /// <summary>Accumulators [first, first + Count) of eight products.</summary>
    [MethodImpl(Compile.Apart)]
    private static void TwoByFour(int k, int first, T* x0, T* x1, in Rows y, T* sums)
    {
        T* y0 = y.First, y1 = y.Second, y2 = y.Third, y3 = y.Fourth;
        V s00 = V.Broadcast(T.Zero), s01 = s00, s02 = s00, s03 = s00, s10 = s00, s11 = s00, s12 = s00, s13 = s00;
        for (nint p = first, end = k - k % Lanes; p < end; p += Lanes)
        {
            V a0 = V.Load(x0 + p), a1 = V.Load(x1 + p), b = V.Load(y0 + p);
            (s00, s10) = (V.FusedMultiplyAdd(a0, b, s00), V.FusedMultiplyAdd(a1, b, s10));
            b = V.Load(y1 + p);
            (s01, s11) = (V.FusedMultiplyAdd(a0, b, s01), V.FusedMultiplyAdd(a1, b, s11));
            b = V.Load(y2 + p);
            (s02, s12) = (V.FusedMultiplyAdd(a0, b, s02), V.FusedMultiplyAdd(a1, b, s12));
            b = V.Load(y3 + p);
            (s03, s13) = (V.FusedMultiplyAdd(a0, b, s03), V.FusedMultiplyAdd(a1, b, s13));
        }

        Store(s00, s01, s02, s03, sums);
        Store(s10, s11, s12, s13, sums + Side * Lanes);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Store(V s0, V s1, V s2, V s3, T* sums)
    {
        V.Store(s0, sums);
        V.Store(s1, sums + Lanes);
        V.Store(s2, sums + 2 * Lanes);
        V.Store(s3, sums + 3 * Lanes);
    }

    private static T Fold(int k, T* x, T* y, T* sums)
    {
        for (var p = k - k % Lanes; p < k; p++) sums[p % Lanes] = T.FusedMultiplyAdd(x[p], y[p], sums[p % Lanes]);
        for (var half = Lanes / 2; half > 0; half /= 2)
        {
            for (var lane = 0; lane < half; lane++) sums[lane] += sums[lane + half];
        }

        return sums[0];
    }

    /// <summary>Where four rows begin.</summary>
    private readonly struct Rows(T* first, nint stride, nint count)
    {
        public T* First { get; } = first;

        public T* Second { get; } = first + nint.Min(1, count - 1) * stride;

        public T* Third { get; } = first + nint.Min(2, count - 1) * stride;

        public T* Fourth { get; } = first + nint.Min(3, count - 1) * stride;
    }
}
