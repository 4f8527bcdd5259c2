using System.Numerics;
using System.Runtime.CompilerServices;

namespace HTensor.Kernels;

/// <summary>
/// An element-wise body over several streams of equal length, each read or written at the same position. Its fields are the
/// constants of the pass, the same for every element.
/// </summary>
internal unsafe interface ILaneBody<T>
    where T : unmanaged
{
    /// <summary>Bit s is set if stream s is read.</summary>
    int Read { get; }

    /// <summary>Bit s is set if stream s is written.</summary>
    int Written { get; }

    /// <summary>Reads and writes one register of every stream at element <paramref name="at"/>.</summary>
    void Apply<V>(T** s, nint at, in FunctionConstants<V, T> constants)
        where V : unmanaged, ISimd<V, T>;
}

/// <summary>One body or several over the same streams, one after the other.</summary>
internal unsafe interface ILanePasses<T> : ILaneBody<T>
    where T : unmanaged
{
    static abstract int Count { get; }

    /// <summary>As <see cref="StreamOrder.Clashes"/>, of all bodies together.</summary>
    int Clashes(nint* streams);

    /// <summary>Each body at <paramref name="registers"/> positions, from <paramref name="at"/> on by <paramref name="step"/>, before the next body.</summary>
    void Block<V>(T** s, nint at, nint step, nint registers, in FunctionConstants<V, T> constants)
        where V : unmanaged, ISimd<V, T>;
}

internal readonly unsafe struct LanePass<TBody, T>(TBody body) : ILanePasses<T>
    where TBody : struct, ILaneBody<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly TBody _body = body;

    public static int Count => 1;

    public int Read => _body.Read;

    public int Written => _body.Written;

    public int Clashes(nint* streams) => StreamOrder.Clashes(streams, _body.Read, _body.Written);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Apply<V>(T** s, nint at, in FunctionConstants<V, T> constants)
        where V : unmanaged, ISimd<V, T> => _body.Apply(s, at, constants);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Block<V>(T** s, nint at, nint step, nint registers, in FunctionConstants<V, T> constants)
        where V : unmanaged, ISimd<V, T>
    {
        for (; registers > 0; registers--, at += step) _body.Apply(s, at, constants);
    }

    public LanePasses<LanePass<TBody, T>, TNext, T> Then<TNext>(TNext next)
        where TNext : struct, ILaneBody<T> => new(this, next);
}

internal readonly unsafe struct LanePasses<TFirst, TLast, T>(TFirst first, TLast last) : ILanePasses<T>
    where TFirst : struct, ILanePasses<T>
    where TLast : struct, ILaneBody<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly TFirst _first = first;
    private readonly LanePass<TLast, T> _last = new(last);

    public static int Count => TFirst.Count + 1;

    public int Read => _first.Read | _last.Read;

    public int Written => _first.Written | _last.Written;

    public int Clashes(nint* streams) => _first.Clashes(streams) + _last.Clashes(streams);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Apply<V>(T** s, nint at, in FunctionConstants<V, T> constants)
        where V : unmanaged, ISimd<V, T>
    {
        _first.Apply(s, at, constants);
        _last.Apply(s, at, constants);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Block<V>(T** s, nint at, nint step, nint registers, in FunctionConstants<V, T> constants)
        where V : unmanaged, ISimd<V, T>
    {
        _first.Block(s, at, step, registers, constants);
        _last.Block(s, at, step, registers, constants);
    }

    public void Run(ReadOnlySpan<nint> streams, string names, nint length) => LaneDriver.RunPasses<LanePasses<TFirst, TLast, T>, T>(this, streams, names, length);

    public LanePasses<LanePasses<TFirst, TLast, T>, TNext, T> Then<TNext>(TNext next)
        where TNext : struct, ILaneBody<T> => new(this, next);
}
