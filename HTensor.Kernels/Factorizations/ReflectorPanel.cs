using System.Numerics;
using System.Runtime.CompilerServices;

namespace HTensor.Kernels;

/// <summary>
/// Householder QR of a panel of at most <see cref="Width"/> columns, row-major and contiguous. One pass over the rows below the pivot applies a
/// reflector and sums, row by row in order, the products of the next column with all columns: its norm, what the next reflector needs of the
/// columns behind it, and V^T V of those before it. Lanes are columns, so bits do not depend on the registers. Compact WY: Schreiber and Van Loan 1989.
/// </summary>
internal static unsafe class ReflectorPanel
{
    /// <summary>Columns of a panel; narrower ones have zeros.</summary>
    public const int Width = 32;

    /// <summary>
    /// Panel [rows, Width] = (I - V T V^T) [R; 0]. Afterwards the panel holds V, its unit diagonal and zeros above written out; r [Width, Width]
    /// the upper trapezoid R; t [Width, Width] the upper triangle T. <paramref name="columns"/> have values, <paramref name="x"/> is scratch of 2 rows.
    /// </summary>
    public static void Factor<T>(int rows, int columns, T* panel, T* r, T* t, T* x)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        switch (SimdWidth.Bits)
        {
            case 512: ReflectorPanel<Simd512<T>, T>.Factor(rows, columns, panel, r, t, x); break;
            case 256: ReflectorPanel<Simd256<T>, T>.Factor(rows, columns, panel, r, t, x); break;
            case 128: ReflectorPanel<Simd128<T>, T>.Factor(rows, columns, panel, r, t, x); break;
            default: ReflectorPanel<SimdScalar<T>, T>.Factor(rows, columns, panel, r, t, x); break;
        }
    }
}

internal static unsafe class ReflectorPanel<V, T>
    where V : unmanaged, ISimd<V, T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private const int Width = ReflectorPanel.Width;

    [SkipLocalsInit]
    public static void Factor(int rows, int columns, T* panel, T* r, T* t, T* x)
    {
        var steps = int.Min(rows, columns);
        var dots = stackalloc T[Width];
        var factors = stackalloc T[Width];
        var inverses = stackalloc T[Width];
        new Span<T>(inverses, Width).Clear();
        new Span<T>(r, Width * Width).Clear();
        new Span<T>(t, Width * Width).Clear();
        new Span<T>(factors, Width).Clear();
        T* column = x, next = x + rows;
        for (var i = 0; i < rows; i++) next[i] = panel[i * Width];
        if (rows > 1) Pass(rows - 1, panel + Width, next + 1, next + 1, factors, dots);
        for (var j = 0; j < steps; j++)
        {
            var last = column;
            column = next;
            next = last;
            if (j == rows - 1) new Span<T>(dots, Width).Clear();
            var pivot = panel + j * Width;
            var reflector = new Reflector<T>(pivot[j], dots[j]);
            inverses[j] = reflector.Inverse;
            Triangle(j, reflector, pivot, dots, inverses, t);
            Row(j, reflector, pivot, dots, r + j * Width, factors);
            if (j + 1 < steps || j + 1 < columns) Update(rows, j, panel, column, next, factors, dots);
        }

        WriteReflectors(rows, steps, panel, inverses);
    }

    /// <summary>T[0..j, j] = -tau T V^T v.</summary>
    [SkipLocalsInit]
    private static void Triangle(int j, in Reflector<T> reflector, T* pivot, T* dots, T* inverses, T* t)
    {
        var z = stackalloc T[Width];
        for (var k = 0; k < j; k++) z[k] = -reflector.Tau * (inverses[k] * T.FusedMultiplyAdd(reflector.Inverse, dots[k], pivot[k]));
        for (var k = 0; k < j; k++)
        {
            var sum = T.Zero;
            for (var l = k; l < j; l++) sum = T.FusedMultiplyAdd(t[k * Width + l], z[l], sum);
            t[k * Width + j] = sum;
        }

        t[j * Width + j] = reflector.Tau;
    }

    /// <summary>The pivot's row of R, and by what the rows below are reduced.</summary>
    private static void Row(int j, in Reflector<T> reflector, T* pivot, T* dots, T* r, T* factors)
    {
        factors[j] = T.Zero;
        r[j] = reflector.Beta;
        for (var k = j + 1; k < Width; k++)
        {
            var w = reflector.Tau * T.FusedMultiplyAdd(reflector.Inverse, dots[k], pivot[k]);
            r[k] = pivot[k] - w;
            factors[k] = -(reflector.Inverse * w);
        }
    }

    /// <summary>Rows below the pivot; the sums leave out the next pivot's row.</summary>
    [MethodImpl(Compile.Apart)]
    private static void Update(int rows, int j, T* panel, T* column, T* next, T* factors, T* dots)
    {
        if (j + 1 >= rows) return;
        var row = panel + (j + 1) * Width;
        for (var k = j + 1; k < Width; k++) row[k] = T.FusedMultiplyAdd(column[j + 1], factors[k], row[k]);
        if (j + 1 == Width) return;
        var factor = factors[j + 1];
        var at = panel + (j + 2) * Width + j + 1;
        for (var i = j + 2; i < rows; i++, at += Width) next[i] = T.FusedMultiplyAdd(column[i], factor, *at);
        Pass(rows - j - 2, panel + (j + 2) * Width, column + j + 2, next + j + 2, factors, dots);
    }

    private static void Pass(nint rows, T* panel, T* x, T* y, T* factors, T* dots)
    {
        const int Four = 4;
        if (V.Count * Four > Width)
        {
            PassTwo(rows, panel, x, y, factors, dots);
            return;
        }

        for (var k = 0; k < Width; k += Four * V.Count) PassFour(rows, panel + k, x, y, factors + k, dots + k);
    }

    /// <summary>panel[i, :] += x_i factors, then dots = sum_i y_i panel[i, :].</summary>
    [MethodImpl(Compile.Apart)]
    private static void PassFour(nint rows, T* panel, T* x, T* y, T* factors, T* dots)
    {
        V f0 = V.Load(factors), f1 = V.Load(factors + V.Count), f2 = V.Load(factors + 2 * V.Count), f3 = V.Load(factors + 3 * V.Count);
        V d0 = default, d1 = default, d2 = default, d3 = default;
        for (; rows > 0; rows--, panel += Width, x++, y++)
        {
            V xi = V.Broadcast(*x), yi = V.Broadcast(*y);
            var p0 = V.FusedMultiplyAdd(xi, f0, V.Load(panel));
            var p1 = V.FusedMultiplyAdd(xi, f1, V.Load(panel + V.Count));
            var p2 = V.FusedMultiplyAdd(xi, f2, V.Load(panel + 2 * V.Count));
            var p3 = V.FusedMultiplyAdd(xi, f3, V.Load(panel + 3 * V.Count));
            V.Store(p0, panel);
            V.Store(p1, panel + V.Count);
            V.Store(p2, panel + 2 * V.Count);
            V.Store(p3, panel + 3 * V.Count);
            d0 = V.FusedMultiplyAdd(yi, p0, d0);
            d1 = V.FusedMultiplyAdd(yi, p1, d1);
            d2 = V.FusedMultiplyAdd(yi, p2, d2);
            d3 = V.FusedMultiplyAdd(yi, p3, d3);
        }

        V.Store(d0, dots);
        V.Store(d1, dots + V.Count);
        V.Store(d2, dots + 2 * V.Count);
        V.Store(d3, dots + 3 * V.Count);
    }

    [MethodImpl(Compile.Apart)]
    private static void PassTwo(nint rows, T* panel, T* x, T* y, T* factors, T* dots)
    {
        V f0 = V.Load(factors), f1 = V.Load(factors + V.Count);
        V d0 = default, d1 = default;
        for (; rows > 0; rows--, panel += Width, x++, y++)
        {
            V xi = V.Broadcast(*x), yi = V.Broadcast(*y);
            var p0 = V.FusedMultiplyAdd(xi, f0, V.Load(panel));
            var p1 = V.FusedMultiplyAdd(xi, f1, V.Load(panel + V.Count));
            V.Store(p0, panel);
            V.Store(p1, panel + V.Count);
            d0 = V.FusedMultiplyAdd(yi, p0, d0);
            d1 = V.FusedMultiplyAdd(yi, p1, d1);
        }

        V.Store(d0, dots);
        V.Store(d1, dots + V.Count);
    }

    /// <summary>The columns were kept as they were found: v is its column times the inverse.</summary>
    [MethodImpl(Compile.Apart)]
    private static void WriteReflectors(int rows, int steps, T* panel, T* inverses)
    {
        for (var i = 0; i < rows; i++, panel += Width)
        {
            if (i < Width)
            {
                for (var k = 0; k < Width; k++) panel[k] = k < i ? panel[k] * inverses[k] : k == i && k < steps ? T.One : T.Zero;
            }
            else
            {
                for (var k = 0; k < Width; k += V.Count) V.Store(V.Load(panel + k) * V.Load(inverses + k), panel + k);
            }
        }
    }
}
