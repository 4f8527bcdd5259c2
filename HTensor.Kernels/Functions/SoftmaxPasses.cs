using System.Runtime.CompilerServices;

namespace HTensor.Kernels;

/// <summary>
/// The passes of a softmax, each element of a register for itself: over <c>x[0], x[step], ...</c> below <c>end</c>, a register at each, in order.
/// </summary>
internal static unsafe class SoftmaxPasses<V, T>
    where V : unmanaged, ISimd<V, T>
    where T : unmanaged
{
    /// <summary>The greatest of <paramref name="start"/> and all; a NaN is passed over unless it is the start.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Maximum(T* x, nint end, nint step, V start)
    {
        for (nint k = 0; k < end; k += step) start = V.Greater(V.Load(x + k), start);
        return start;
    }

    /// <summary>p = e^(x - shift), which may be x itself; returns sum + sum p.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Exponentials(T* x, T* p, nint end, nint step, V shift, V sum)
    {
        var constants = new FunctionConstants<V, T>(default);
        for (nint k = 0; k < end; k += step)
        {
            var e = ExpBody<T>.Apply(V.Load(x + k) - shift, constants);
            V.Store(e, p + k);
            sum += e;
        }

        return sum;
    }

    /// <summary>sum + sum e^(x - shift).</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V SumOfExponentials(T* x, nint end, nint step, V shift, V sum)
    {
        var constants = new FunctionConstants<V, T>(default);
        for (nint k = 0; k < end; k += step) sum += ExpBody<T>.Apply(V.Load(x + k) - shift, constants);
        return sum;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Divide(T* p, nint end, nint step, V sum)
    {
        for (nint k = 0; k < end; k += step) V.Store(V.Load(p + k) / sum, p + k);
    }
}
