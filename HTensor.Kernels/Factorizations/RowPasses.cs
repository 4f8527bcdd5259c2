using System.Numerics;
using System.Runtime.CompilerServices;

namespace HTensor.Kernels;

/// <summary>Sums over sixteen lanes, lane l summing the elements l, l + 16, ..., and the lanes added in halves: the same at every width.</summary>
internal static unsafe class LaneSum<V, T>
    where V : unmanaged, ISimd<V, T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    public const int Lanes = 16;

    /// <summary>sum_k x_k^2; the length is a multiple of sixteen.</summary>
    public static T OfSquares(T* x, nint length) => OfProducts(x, x, length);

    /// <summary>sum_k x_k y_k; the length is a multiple of sixteen.</summary>
    [SkipLocalsInit]
    [MethodImpl(Compile.Apart)]
    public static T OfProducts(T* x, T* y, nint length)
    {
        var lanes = stackalloc T[Lanes];
        for (var lane = 0; lane < Lanes; lane += V.Count)
        {
            V sum = default;
            for (nint k = lane; k < length; k += Lanes) sum = V.FusedMultiplyAdd(V.Load(x + k), V.Load(y + k), sum);
            V.Store(sum, lanes + lane);
        }

        return Fold(lanes);
    }

    public static T Fold(T* lanes)
    {
        for (var half = Lanes / 2; half > 0; half /= 2)
        {
            for (var l = 0; l < half; l++) lanes[l] += lanes[l + half];
        }

        return lanes[0];
    }
}

/// <summary>Passes over a row-major matrix that change it by an outer product and sum on the way. Columns are a multiple of sixteen.</summary>
internal static unsafe class RowPasses<V, T>
    where V : unmanaged, ISimd<V, T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>a += b v^T, then y = a^T u, summed over the rows in order.</summary>
    public static void UpdateAndSum(nint rows, nint columns, T* a, nint stride, T* b, T* v, T* u, T* y)
    {
        new Span<T>(y, (int)columns).Clear();
        for (; rows >= 4; rows -= 4, a += 4 * stride, b += 4, u += 4) SumFour(columns, a, stride, b, v, u, y);
        for (; rows > 0; rows--, a += stride, b++, u++) SumOne(columns, a, b, v, u, y);
    }

    /// <summary>a += b y^T, then x = a v.</summary>
    [SkipLocalsInit]
    [MethodImpl(Compile.Apart)]
    public static void UpdateAndDot(nint rows, nint columns, T* a, nint stride, T* b, T* y, T* v, T* x)
    {
        var lanes = stackalloc T[LaneSum<V, T>.Lanes];
        for (; rows > 0; rows--, a += stride, b++, x++)
        {
            var factor = V.Broadcast(*b);
            for (var lane = 0; lane < LaneSum<V, T>.Lanes; lane += V.Count)
            {
                V sum = default;
                for (nint k = lane; k < columns; k += LaneSum<V, T>.Lanes)
                {
                    var value = V.FusedMultiplyAdd(factor, V.Load(y + k), V.Load(a + k));
                    V.Store(value, a + k);
                    sum = V.FusedMultiplyAdd(value, V.Load(v + k), sum);
                }

                V.Store(sum, lanes + lane);
            }

            *x = LaneSum<V, T>.Fold(lanes);
        }
    }

    /// <summary>a -= b w^T + c v^T, then y = a^T u, summed over the rows in order.</summary>
    [MethodImpl(Compile.Apart)]
    public static void UpdateTwoAndSum(nint rows, nint columns, T* a, nint stride, T* b, T* c, T* v, T* w, T* u, T* y)
    {
        new Span<T>(y, (int)columns).Clear();
        for (; rows > 0; rows--, a += stride, b++, c++, u++)
        {
            V b0 = V.Broadcast(*b), c0 = V.Broadcast(*c), u0 = V.Broadcast(*u);
            for (nint k = 0; k < columns; k += V.Count)
            {
                var x = V.Load(a + k) - (b0 * V.Load(w + k) + c0 * V.Load(v + k));
                V.Store(x, a + k);
                V.Store(V.FusedMultiplyAdd(u0, x, V.Load(y + k)), y + k);
            }
        }
    }

    [MethodImpl(Compile.Apart)]
    private static void SumFour(nint columns, T* a, nint stride, T* b, T* v, T* u, T* y)
    {
        T* a1 = a + stride, a2 = a + 2 * stride, a3 = a + 3 * stride;
        V b0 = V.Broadcast(b[0]), b1 = V.Broadcast(b[1]), b2 = V.Broadcast(b[2]), b3 = V.Broadcast(b[3]);
        V u0 = V.Broadcast(u[0]), u1 = V.Broadcast(u[1]), u2 = V.Broadcast(u[2]), u3 = V.Broadcast(u[3]);
        for (nint k = 0; k < columns; k += V.Count)
        {
            var factor = V.Load(v + k);
            var x0 = V.FusedMultiplyAdd(b0, factor, V.Load(a + k));
            var x1 = V.FusedMultiplyAdd(b1, factor, V.Load(a1 + k));
            var x2 = V.FusedMultiplyAdd(b2, factor, V.Load(a2 + k));
            var x3 = V.FusedMultiplyAdd(b3, factor, V.Load(a3 + k));
            V.Store(x0, a + k);
            V.Store(x1, a1 + k);
            V.Store(x2, a2 + k);
            V.Store(x3, a3 + k);
            var sum = V.FusedMultiplyAdd(u0, x0, V.Load(y + k));
            sum = V.FusedMultiplyAdd(u1, x1, sum);
            sum = V.FusedMultiplyAdd(u2, x2, sum);
            V.Store(V.FusedMultiplyAdd(u3, x3, sum), y + k);
        }
    }

    [MethodImpl(Compile.Apart)]
    private static void SumOne(nint columns, T* a, T* b, T* v, T* u, T* y)
    {
        V b0 = V.Broadcast(*b), u0 = V.Broadcast(*u);
        for (nint k = 0; k < columns; k += V.Count)
        {
            var x = V.FusedMultiplyAdd(b0, V.Load(v + k), V.Load(a + k));
            V.Store(x, a + k);
            V.Store(V.FusedMultiplyAdd(u0, x, V.Load(y + k)), y + k);
        }
    }
}
