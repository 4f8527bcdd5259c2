using System.Numerics;
using System.Runtime.CompilerServices;

namespace HTensor.Kernels;

/// <summary>
/// A [rows, columns] = Q R by panels of <see cref="ReflectorPanel.Width"/> columns, the rest updated by products. The diagonal of R is not
/// negative. The operands are views, so the same serves LQ: A = L Q is A^T = Q^T L^T.
/// </summary>
internal static unsafe class BlockedQr<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private const int Width = ReflectorPanel.Width;

    /// <summary>Room between rows, so that they do not meet in the same sets of a cache.</summary>
    private const int Spare = 8;

    /// <summary>q [rows, k] with Data null: R alone.</summary>
    public static void Run(int rows, int columns, in MatrixView<T> a, in MatrixView<T> q, in MatrixView<T> r, ThreadTeam team)
    {
        if (rows == 0 || columns == 0) return;
        if (columns <= Width)
        {
            InOnePanel(rows, columns, a, q, r, team);
            return;
        }

        var scratch = FactorScratch.OfThread;
        using var scope = scratch.Open();
        var stride = Stride(columns);
        var work = scratch.Take<T>(rows * stride);
        var k = int.Min(rows, columns);
        var triangles = scratch.Take<T>((nint)(k + Width - 1) / Width * Width * Width);
        var signs = scratch.Take<T>(k);
        Whole(rows, columns, a, work, stride, triangles, signs, r, q.Data == null ? Keep.Triangle : Keep.Reflectors, team);
        if (q.Data == null) return;
        Diagonal(rows, k, signs, q);
        Orthogonal(rows, k, k, work, stride, triangles, q, Start.Diagonal, team);
    }

    /// <summary>Q as <see cref="QrReflectors"/> keeps it: signs [k], then V [height, count] and T [count, count] of each panel.</summary>
    public static void Run(int rows, int columns, in MatrixView<T> a, T* q, in MatrixView<T> r, ThreadTeam team)
    {
        var scratch = FactorScratch.OfThread;
        using var scope = scratch.Open();
        var k = int.Min(rows, columns);
        var place = q + k;
        var panel = k == Width && columns == Width ? place : scratch.Take<T>((nint)rows * Width);
        var triangles = scratch.Take<T>((nint)(k + Width - 1) / Width * Width * Width);
        if (columns <= Width)
        {
            Panel(rows, columns, a, panel, triangles, q, r);
            Pack(rows, k, panel, triangles, place);
            return;
        }

        var stride = Stride(columns);
        var work = scratch.Take<T>(rows * stride);
        Whole(rows, columns, a, work, stride, triangles, q, r, Keep.Reflectors, team);
        for (var j = 0; j < k; j += Width)
        {
            var count = int.Min(Width, k - j);
            BlockReflector.Load(rows - j, count, DenseProduct.RowMajor(work + j * stride + j, stride), panel);
            place = Pack(rows - j, count, panel, triangles + (nint)j * Width, place);
        }
    }

    private static T* Pack(int rows, int count, T* panel, T* t, T* place)
    {
        if (place != panel) MatrixLoad.Run(DenseProduct.RowMajor(panel, Width), rows, count, place, count, count);
        place += (nint)rows * count;
        MatrixLoad.Run(DenseProduct.RowMajor(t, Width), count, count, place, count, count);
        return place + (nint)count * count;
    }

    /// <summary>A panel is all of it: nothing is copied to and fro.</summary>
    private static void InOnePanel(int rows, int columns, in MatrixView<T> a, in MatrixView<T> q, in MatrixView<T> r, ThreadTeam team)
    {
        var scratch = FactorScratch.OfThread;
        using var scope = scratch.Open();
        var k = int.Min(rows, columns);
        T* panel = scratch.Take<T>((nint)rows * Width), t = scratch.Take<T>(Width * Width), signs = scratch.Take<T>(k);
        Panel(rows, columns, a, panel, t, signs, r);
        if (q.Data == null) return;
        Diagonal(k, k, signs, q);
        BlockReflector.ApplyToTop(rows, k, panel, t, q, k, scratch.Take<T>(BlockReflector.ScratchLength(k)), team);
    }

    private static void Panel(int rows, int columns, in MatrixView<T> a, T* panel, T* t, T* signs, in MatrixView<T> r)
    {
        var scratch = FactorScratch.OfThread;
        MatrixLoad.Run(a, rows, columns, panel, Width, Width);
        var exponent = Magnitude.Exponent(Magnitude.Largest(panel, rows, columns, Width));
        Magnitude.Scale(panel, rows, columns, Width, -exponent);
        var triangle = scratch.Take<T>(Width * Width);
        ReflectorPanel.Factor(rows, columns, panel, triangle, t, scratch.Take<T>(rows));
        Triangle(int.Min(rows, columns), columns, triangle, Width, signs, exponent, r);
    }

    private static void Whole(int rows, int columns, in MatrixView<T> a, T* work, nint stride, T* triangles, T* signs, in MatrixView<T> r, Keep keep, ThreadTeam team)
    {
        MatrixLoad.Run(a, rows, columns, work, stride, stride);
        var exponent = Magnitude.Exponent(Magnitude.Largest(work, rows, columns, stride));
        Magnitude.Scale(work, rows, columns, stride, -exponent);
        Reduce(rows, columns, work, stride, triangles, keep, team);
        Triangle(int.Min(rows, columns), columns, work, stride, signs, exponent, r);
    }

    private static void Diagonal(int rows, int k, T* signs, in MatrixView<T> q)
    {
        MatrixStore.Clear(rows, k, q);
        for (nint i = 0; i < k; i++) q.Data[q.Row(i) + q.Column(i)] = signs[i];
    }

    /// <summary>What the reduced matrix holds beside R.</summary>
    public enum Keep
    {
        Triangle,
        Reflectors,
    }

    /// <summary>What stands in the upper k rows of a q that is multiplied by reflectors; the rows below are zero.</summary>
    public enum Start
    {
        /// <summary>A diagonal matrix: a panel changes only the columns from its own on.</summary>
        Diagonal,
        Full,
    }

    public static nint Stride(int columns) => (columns + 15) / 16 * 16 + Spare;

    /// <summary>Work becomes R in its upper trapezoid; V below the diagonal, its unit diagonal not stored. T of each panel goes to triangles.</summary>
    public static void Reduce(int rows, int columns, T* work, nint stride, T* triangles, Keep keep, ThreadTeam team)
    {
        var scratch = FactorScratch.OfThread;
        using var scope = scratch.Open();
        var panel = scratch.Take<T>((nint)rows * Width);
        var x = scratch.Take<T>(rows);
        var r = scratch.Take<T>(Width * Width);
        var z = scratch.Take<T>(BlockReflector.ScratchLength(columns + Spare));
        var k = int.Min(rows, columns);
        for (var j = 0; j < k; j += Width, triangles += Width * Width)
        {
            var (count, height) = (int.Min(Width, k - j), rows - j);
            var corner = work + j * stride + j;
            MatrixLoad.Run(DenseProduct.RowMajor(corner, stride), height, count, panel, Width, Width);
            ReflectorPanel.Factor(height, count, panel, r, triangles, x);
            Store(height, count, panel, r, corner, stride, keep);
            var behind = DenseProduct.RowMajor(corner + count, stride);
            // Columns of zeros fill the last registers.
            var left = columns - j - count;
            BlockReflector.ApplyTransposed(height, count, panel, triangles, behind, left == 0 ? 0 : (left + Spare - 1) / Spare * Spare, z, team);
        }
    }

    /// <summary>q [rows, columns] = H_1 H_2 ... q, k reflectors, from the last panel to the first.</summary>
    public static void Orthogonal(int rows, int columns, int k, T* work, nint stride, T* triangles, in MatrixView<T> q, Start start, ThreadTeam team)
    {
        var scratch = FactorScratch.OfThread;
        using var scope = scratch.Open();
        var panel = scratch.Take<T>((nint)rows * Width);
        var z = scratch.Take<T>(BlockReflector.ScratchLength(columns));
        var last = (k - 1) / Width * Width;
        for (var j = last; j >= 0; j -= Width)
        {
            var count = int.Min(Width, k - j);
            BlockReflector.Load(rows - j, count, DenseProduct.RowMajor(work + j * stride + j, stride), panel);
            var first = start == Start.Diagonal ? j : 0;
            if (j == last) BlockReflector.ApplyToTop(rows - j, count, panel, triangles + (nint)j * Width, q.At(j, first), columns - first, z, team);
            else BlockReflector.Apply(rows - j, count, panel, triangles + (nint)j * Width, q.At(j, first), columns - first, z, team);
        }
    }

    private static void Store(int rows, int count, T* panel, T* r, T* corner, nint stride, Keep keep)
    {
        for (nint i = int.Min(rows, count); i < rows && keep == Keep.Reflectors; i++) Unsafe.CopyBlockUnaligned(corner + i * stride, panel + i * Width, (uint)(count * sizeof(T)));
        for (nint i = 0; i < int.Min(rows, count); i++)
        {
            for (nint c = 0; c < count; c++) corner[i * stride + c] = c < i ? panel[i * Width + c] : r[i * Width + c];
        }
    }

    /// <summary>r = 2^exponent diag(signs) R.</summary>
    private static void Triangle(int k, int columns, T* work, nint stride, T* signs, int exponent, in MatrixView<T> r)
    {
        for (nint i = 0; i < k; i++)
        {
            var row = work + i * stride;
            signs[i] = row[i] < T.Zero ? -T.One : T.One;
            for (nint j = 0; j < columns; j++)
            {
                var value = j < i ? T.Zero : signs[i] * row[j];
                r.Data[r.Row(i) + r.Column(j)] = exponent == 0 || value == T.Zero ? value : T.ScaleB(value, exponent);
            }
        }
    }
}
