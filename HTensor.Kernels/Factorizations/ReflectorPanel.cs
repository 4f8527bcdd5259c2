using System.Numerics;
using System.Runtime.CompilerServices;

namespace HTensor.Kernels;

/// <summary>
/// Householder QR of a panel of at most <see cref="Width"/> columns, row-major and contiguous, in strips of as many columns as the widest register holds.
/// Within a strip one pass over the rows below the pivot applies a reflector and sums the products of the next column with all of the strip: its norm, what
/// the next reflector needs of the columns behind it, and V^T V of those before it. The columns behind the strip are updated by products. Lanes are
/// columns, so bits do not depend on the registers. Compact WY: Schreiber and Van Loan 1989.
/// </summary>
internal static unsafe class ReflectorPanel
{
    /// <summary>Columns of a panel; narrower ones have zeros.</summary>
    public const int Width = 32;

    /// <summary>
    /// Panel [rows, Width] = (I - V T V^T) [R; 0]. Afterwards the panel holds V, its unit diagonal and zeros above written out; r [Width, Width]
    /// the upper trapezoid R; t [Width, Width] the upper triangle T. <paramref name="columns"/> have values, <paramref name="x"/> is scratch of a row's number.
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
    private const int MostOfStrip = 16;

    /// <summary>Columns of a strip: 64 bytes of them, 8 or 16.</summary>
    private static int Strip => 64 / sizeof(T);

    [SkipLocalsInit]
    public static void Factor(int rows, int columns, T* panel, T* r, T* t, T* x)
    {
        var scratch = stackalloc T[2 * Width * Width];
        new Span<T>(r, Width * Width).Clear();
        new Span<T>(t, Width * Width).Clear();
        var steps = int.Min(rows, columns);
        for (var first = 0; first < steps; first += Strip)
        {
            var (count, height, diagonal) = (int.Min(Strip, steps - first), rows - first, first * Width + first);
            var corner = panel + diagonal;
            FactorStrip(height, count, corner, r + diagonal, t + diagonal, x);
            if (first > 0) Couple(height, first, count, panel + first * Width, t, scratch);
            var behind = int.Max(0, (columns + Strip - 1) / Strip * Strip - first - Strip);
            if (behind == 0) continue;
            BlockReflector.ApplyTransposed(height, count, corner, t + diagonal, DenseProduct.RowMajor(corner + Strip, Width), behind, scratch, ThreadTeam.Inline);
            for (var i = 0; i < count; i++) Unsafe.CopyBlockUnaligned(r + diagonal + i * Width + Strip, corner + i * Width + Strip, (uint)(behind * sizeof(T)));
        }

        // R stood above the diagonal of the strips behind.
        for (var i = 0; i < steps; i++)
        {
            var from = (i / Strip + 1) * Strip;
            if (from < Width) new Span<T>(panel + i * Width + from, Width - from).Clear();
        }
    }

    /// <summary>T of the strips so far and of the one behind them: their own meet in -T (V^T W) S, W and S the new strip's V and T. <paramref name="row"/>: where its first row begins.</summary>
    private static void Couple(int rows, int before, int count, T* row, T* t, T* scratch)
    {
        var (v, w) = (DenseProduct.RowMajor(row, Width), DenseProduct.RowMajor(row + before, Width));
        var (products, times) = (DenseProduct.RowMajor(scratch, Strip), DenseProduct.RowMajor(scratch + Width * Strip, Strip));
        DenseProduct.Run(before, count, rows, v.Transposed, w, products, Accumulation.Overwrite, ThreadTeam.Inline);
        for (var i = 0; i < before * Strip; i++) scratch[i] = -scratch[i];
        DenseProduct.Run(before, count, count, products, DenseProduct.RowMajor(t + before * Width + before, Width), times, Accumulation.Overwrite, ThreadTeam.Inline);
        DenseProduct.Run(before, count, before, DenseProduct.RowMajor(t, Width), times, DenseProduct.RowMajor(t + before, Width), Accumulation.Overwrite, ThreadTeam.Inline);
    }

    /// <summary>The strip [rows, Strip] = (I - V T V^T) [R; 0], rows Width apart; V is written in its place.</summary>
    [SkipLocalsInit]
    private static void FactorStrip(int rows, int count, T* strip, T* r, T* t, T* y)
    {
        var dots = stackalloc T[MostOfStrip];
        var factors = stackalloc T[MostOfStrip];
        var inverses = stackalloc T[MostOfStrip];
        new Span<T>(inverses, MostOfStrip).Clear();
        new Span<T>(factors, MostOfStrip).Clear();
        new Span<T>(dots, MostOfStrip).Clear();
        if (rows > 1) Pass(rows - 1, strip + Width, 0, 0, factors, dots, y);
        for (var j = 0; j < count; j++)
        {
            if (j == rows - 1) new Span<T>(dots, MostOfStrip).Clear();
            var pivot = strip + j * Width;
            var reflector = new Reflector<T>(pivot[j], dots[j]);
            inverses[j] = reflector.Inverse;
            Triangle(j, reflector, pivot, dots, inverses, t);
            Row(j, reflector, pivot, dots, r + j * Width, factors);
            if (j + 1 == count) break;
            for (var k = j + 1; k < Strip; k++) pivot[Width + k] = T.FusedMultiplyAdd(pivot[Width + j], factors[k], pivot[Width + k]);
            Pass(rows - j - 2, pivot + 2 * Width, j, j + 1, factors, dots, y);
        }

        WriteReflectors(rows, count, strip, inverses);
    }

    /// <summary>T[0..j, j] = -tau T V^T v.</summary>
    [SkipLocalsInit]
    private static void Triangle(int j, in Reflector<T> reflector, T* pivot, T* dots, T* inverses, T* t)
    {
        var z = stackalloc T[MostOfStrip];
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
        for (var k = j + 1; k < Strip; k++)
        {
            var w = reflector.Tau * T.FusedMultiplyAdd(reflector.Inverse, dots[k], pivot[k]);
            r[k] = pivot[k] - w;
            factors[k] = -(reflector.Inverse * w);
        }
    }

    /// <summary>strip[i, :] += strip[i, column] factors, then dots = sum_i strip[i, next] strip[i, :].</summary>
    private static void Pass(int rows, T* strip, int column, int next, T* factors, T* dots, T* y)
    {
        if (rows <= 0) return;
        PassFirst(rows, strip, column, next, factors, dots, y);
        for (var k = V.Count; k < Strip; k += V.Count) PassOther(rows, strip + k, strip + column, factors + k, dots + k, y);
    }

    /// <summary>Of the first register's columns, which the rest reads y_i = strip[i, next] from. Rows i, i + 4, ... have a sum of their own: it is a chain.</summary>
    [MethodImpl(Compile.Apart)]
    private static void PassFirst(int rows, T* strip, int column, int next, T* factors, T* dots, T* y)
    {
        V f = V.Load(factors), d0 = default, d1 = default, d2 = default, d3 = default;
        var factor = factors[next];
        for (; rows >= 4; rows -= 4, strip += 4 * Width, y += 4)
        {
            y[0] = T.FusedMultiplyAdd(strip[column], factor, strip[next]);
            y[1] = T.FusedMultiplyAdd(strip[Width + column], factor, strip[Width + next]);
            y[2] = T.FusedMultiplyAdd(strip[2 * Width + column], factor, strip[2 * Width + next]);
            y[3] = T.FusedMultiplyAdd(strip[3 * Width + column], factor, strip[3 * Width + next]);
            d0 = Step(strip, strip + column, f, V.Broadcast(y[0]), d0);
            d1 = Step(strip + Width, strip + Width + column, f, V.Broadcast(y[1]), d1);
            d2 = Step(strip + 2 * Width, strip + 2 * Width + column, f, V.Broadcast(y[2]), d2);
            d3 = Step(strip + 3 * Width, strip + 3 * Width + column, f, V.Broadcast(y[3]), d3);
        }

        for (; rows > 0; rows--, strip += Width, y++)
        {
            y[0] = T.FusedMultiplyAdd(strip[column], factor, strip[next]);
            d0 = Step(strip, strip + column, f, V.Broadcast(y[0]), d0);
        }

        V.Store(d0 + d1 + (d2 + d3), dots);
    }

    [MethodImpl(Compile.Apart)]
    private static void PassOther(int rows, T* strip, T* x, T* factors, T* dots, T* y)
    {
        V f = V.Load(factors), d0 = default, d1 = default, d2 = default, d3 = default;
        for (; rows >= 4; rows -= 4, strip += 4 * Width, x += 4 * Width, y += 4)
        {
            d0 = Step(strip, x, f, V.Broadcast(y[0]), d0);
            d1 = Step(strip + Width, x + Width, f, V.Broadcast(y[1]), d1);
            d2 = Step(strip + 2 * Width, x + 2 * Width, f, V.Broadcast(y[2]), d2);
            d3 = Step(strip + 3 * Width, x + 3 * Width, f, V.Broadcast(y[3]), d3);
        }

        for (; rows > 0; rows--, strip += Width, x += Width, y++) d0 = Step(strip, x, f, V.Broadcast(y[0]), d0);
        V.Store(d0 + d1 + (d2 + d3), dots);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static V Step(T* strip, T* x, V factors, V y, V sum)
    {
        var p = V.FusedMultiplyAdd(factors, x, V.Load(strip));
        V.Store(p, strip);
        return V.FusedMultiplyAdd(y, p, sum);
    }

    /// <summary>The columns were kept as they were found: v is its column times the inverse.</summary>
    [MethodImpl(Compile.Apart)]
    private static void WriteReflectors(int rows, int count, T* strip, T* inverses)
    {
        for (var i = 0; i < rows; i++, strip += Width)
        {
            if (i < Strip)
            {
                for (var k = 0; k < Strip; k++) strip[k] = k < i ? strip[k] * inverses[k] : k == i && k < count ? T.One : T.Zero;
            }
            else
            {
                for (var k = 0; k < Strip; k += V.Count) V.Store(V.Load(strip + k) * V.Load(inverses + k), strip + k);
            }
        }
    }
}
