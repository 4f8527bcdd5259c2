using System.Numerics;
using System.Runtime.CompilerServices;

namespace HTensor.Kernels;

/// <summary>
/// Sweeps of plane rotations of neighbouring rows, kept until there are enough, then applied strip by strip of columns, so that a strip stays in
/// the nearest caches while all sweeps pass over it. A row is loaded and stored once a sweep: the one between two rotations stays in registers.
/// </summary>
internal sealed unsafe class RotationBatch<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private const int Sweeps = 32;

    /// <summary>Columns of a strip.</summary>
    private const int Strip = 16;

    private readonly int[] _first = new int[Sweeps];
    private readonly int[] _last = new int[Sweeps];
    private readonly bool[] _down = new bool[Sweeps];
    private int _count;
    private int _rows;
    private nint _columns;
    private nint _stride;
    private T* _matrix;
    private T* _factors;

    /// <summary>Elements of scratch for a matrix of this many rows.</summary>
    public static nint ScratchLength(int rows) => 2 * (nint)Sweeps * rows;

    /// <summary>Makes an identity [rows, rows] that will be rotated; null: rotations are dropped.</summary>
    public void StartIdentity(int rows, T* matrix, nint stride, FactorScratch scratch)
    {
        if (matrix == null)
        {
            Start(rows, 0, null, 0, null);
            return;
        }

        FactorScratch.Clear(matrix, rows * stride);
        for (nint i = 0; i < rows; i++) matrix[i * stride + i] = T.One;
        Start(rows, (rows + 15) / 16 * 16, matrix, stride, scratch.Take<T>(ScratchLength(rows)));
    }

    /// <summary>The matrix [rows, columns] that is rotated, columns a multiple of sixteen; null: rotations are dropped.</summary>
    public void Start(int rows, nint columns, T* matrix, nint stride, T* scratch)
    {
        (_count, _rows, _columns, _stride) = (0, rows, columns, stride);
        _matrix = matrix;
        _factors = scratch;
    }

    /// <summary>A sweep of pairs (i, i + 1), i from first to last - 1, downwards, or from last - 1 to first; two factors c, s for each i from first on.</summary>
    public void Begin(int first, int last, bool down)
    {
        if (_matrix == null) return;
        if (_count == Sweeps) Flush();
        (_first[_count], _last[_count], _down[_count]) = (first, last, down);
        _count++;
    }

    /// <summary>row i = c row i + s row i+1; row i+1 = c row i+1 - s row i.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Set(int i, double c, double s)
    {
        if (_matrix == null) return;
        var at = _factors + 2 * ((nint)(_count - 1) * _rows + i);
        at[0] = T.CreateTruncating(c);
        at[1] = T.CreateTruncating(s);
    }

    public void Flush()
    {
        if (_matrix == null || _count == 0) return;
        switch (SimdWidth.Bits)
        {
            case 512: Flush<Simd512<T>>(); break;
            case 256: Flush<Simd256<T>>(); break;
            case 128: Flush<Simd128<T>>(); break;
            default: Flush<SimdScalar<T>>(); break;
        }

        _count = 0;
    }

    private void Flush<V>()
        where V : unmanaged, ISimd<V, T>
    {
        for (nint column = 0; column < _columns; column += Strip)
        {
            for (var sweep = 0; sweep < _count; sweep++)
            {
                for (var k = 0; k < Strip; k += 2 * V.Count > Strip ? V.Count : 2 * V.Count)
                {
                    if (2 * V.Count > Strip) One<V>(sweep, _matrix + column + k);
                    else if (_down[sweep]) Down<V>(sweep, _matrix + column + k);
                    else Up<V>(sweep, _matrix + column + k);
                }
            }
        }
    }

    [MethodImpl(Compile.Apart)]
    private void Down<V>(int sweep, T* matrix)
        where V : unmanaged, ISimd<V, T>
    {
        var factors = _factors + 2 * ((nint)sweep * _rows + _first[sweep]);
        var row = matrix + _first[sweep] * _stride;
        V x0 = V.Load(row), x1 = V.Load(row + V.Count);
        for (var i = _last[sweep] - _first[sweep]; i > 0; i--, factors += 2, row += _stride)
        {
            V c = V.Broadcast(factors[0]), s = V.Broadcast(factors[1]), t = V.Broadcast(-factors[1]);
            V y0 = V.Load(row + _stride), y1 = V.Load(row + _stride + V.Count);
            V.Store(V.FusedMultiplyAdd(c, x0, s * y0), row);
            V.Store(V.FusedMultiplyAdd(c, x1, s * y1), row + V.Count);
            x0 = V.FusedMultiplyAdd(t, x0, c * y0);
            x1 = V.FusedMultiplyAdd(t, x1, c * y1);
        }

        V.Store(x0, row);
        V.Store(x1, row + V.Count);
    }

    [MethodImpl(Compile.Apart)]
    private void Up<V>(int sweep, T* matrix)
        where V : unmanaged, ISimd<V, T>
    {
        var factors = _factors + 2 * ((nint)sweep * _rows + _last[sweep] - 1);
        var row = matrix + _last[sweep] * _stride;
        V y0 = V.Load(row), y1 = V.Load(row + V.Count);
        for (var i = _last[sweep] - _first[sweep]; i > 0; i--, factors -= 2, row -= _stride)
        {
            V c = V.Broadcast(factors[0]), s = V.Broadcast(factors[1]), t = V.Broadcast(-factors[1]);
            V x0 = V.Load(row - _stride), x1 = V.Load(row - _stride + V.Count);
            V.Store(V.FusedMultiplyAdd(t, x0, c * y0), row);
            V.Store(V.FusedMultiplyAdd(t, x1, c * y1), row + V.Count);
            y0 = V.FusedMultiplyAdd(s, y0, c * x0);
            y1 = V.FusedMultiplyAdd(s, y1, c * x1);
        }

        V.Store(y0, row);
        V.Store(y1, row + V.Count);
    }

    /// <summary>A strip as wide as one register.</summary>
    [MethodImpl(Compile.Apart)]
    private void One<V>(int sweep, T* matrix)
        where V : unmanaged, ISimd<V, T>
    {
        var down = _down[sweep];
        var factors = _factors + 2 * ((nint)sweep * _rows + (down ? _first[sweep] : _last[sweep] - 1));
        var row = matrix + (down ? _first[sweep] : _last[sweep]) * _stride;
        var carried = V.Load(row);
        for (var i = _last[sweep] - _first[sweep]; i > 0; i--)
        {
            V c = V.Broadcast(factors[0]), s = V.Broadcast(factors[1]), t = V.Broadcast(-factors[1]);
            var other = V.Load(down ? row + _stride : row - _stride);
            if (down)
            {
                V.Store(V.FusedMultiplyAdd(c, carried, s * other), row);
                carried = V.FusedMultiplyAdd(t, carried, c * other);
            }
            else
            {
                V.Store(V.FusedMultiplyAdd(t, other, c * carried), row);
                carried = V.FusedMultiplyAdd(s, carried, c * other);
            }

            factors += down ? 2 : -2;
            row = down ? row + _stride : row - _stride;
        }

        V.Store(carried, row);
    }
}
