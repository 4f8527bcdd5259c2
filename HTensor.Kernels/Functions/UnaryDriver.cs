using System.Numerics;
using System.Runtime.CompilerServices;

namespace HTensor.Kernels;

/// <summary>
/// Runs an <see cref="IUnary{T}"/> over spans at the widest accelerated width. The tail goes through the same body in a register that is
/// partly filled, so that a value's bits depend on the value alone.
/// </summary>
internal static unsafe class UnaryDriver
{
    public static void Run<TOperation, T>(ReadOnlySpan<T> source, Span<T> destination)
        where TOperation : IUnary<T>
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        ElementType.Validate<T>();
        SpanGuard.SameLength(source.Length, destination.Length, nameof(source), nameof(destination));
        SpanGuard.SameOrDisjoint<T>(source, destination);
        fixed (T* from = source)
        fixed (T* to = destination)
        {
            switch (SimdWidth.Bits)
            {
                case 512: Run<TOperation, Simd512<T>, T>(from, to, source.Length); break;
                case 256: Run<TOperation, Simd256<T>, T>(from, to, source.Length); break;
                case 128: Run<TOperation, Simd128<T>, T>(from, to, source.Length); break;
                default: Run<TOperation, SimdScalar<T>, T>(from, to, source.Length); break;
            }
        }
    }

    public static void Run<TOperation, V, T>(T* source, T* destination, nint length)
        where TOperation : IUnary<T>
        where V : unmanaged, ISimd<V, T>
        where T : unmanaged
    {
        nint i = 0;
        for (; i + V.Count <= length; i += V.Count) V.Store(TOperation.Apply(V.Load(source + i)), destination + i);
        if (i == length) return;

        var bytes = (uint)((length - i) * sizeof(T));
        V register = default;
        Unsafe.CopyBlockUnaligned(&register, source + i, bytes);
        register = TOperation.Apply(register);
        Unsafe.CopyBlockUnaligned(destination + i, &register, bytes);
    }
}
