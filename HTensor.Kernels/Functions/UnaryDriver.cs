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
        where TOperation : struct, IUnary<T>
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        ElementType.Validate<T>();
        SpanGuard.SameLength(source.Length, destination.Length, nameof(source), nameof(destination));
        SpanGuard.SameOrDisjoint<T>(source, destination);
        fixed (T* from = source)
        fixed (T* to = destination)
            LaneDriver.Run<UnaryBody<TOperation, T>, T>(default, [(nint)from, (nint)to], "source destination", source.Length);
    }
}

/// <summary>Streams: source, destination.</summary>
internal readonly unsafe struct UnaryBody<TOperation, T> : ILaneBody<T>
    where TOperation : struct, IUnary<T>
    where T : unmanaged
{
    public int Read => 0b01;

    public int Written => 0b10;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Apply<V>(T** s, nint at, in FunctionConstants<V, T> constants)
        where V : unmanaged, ISimd<V, T> => V.Store(TOperation.Apply(V.Load(s[0] + at), constants), s[1] + at);
}
