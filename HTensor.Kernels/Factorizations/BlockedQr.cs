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
        var scratch = FactorScratch.OfThread;
        using var scope = scratch.Open();
        var stride = Stride(columns);
        var work = scratch.Take<T>(rows * stride);
        MatrixLoad.Run(a, rows, columns, work, stride, stride);
        var exponent = Magnitude.Exponent(Magnitude.Largest(work, rows, columns, stride));
        Magnitude.Scale(work, rows, columns, stride, -exponent);
        var k = int.Min(rows, columns);
        var triangles = scratch.Take<T>((nint)(k + Width - 1) / Width * Width * Width);
        var signs = scratch.Take<T>(k);
        Reduce(rows, columns, work, stride, triangles, q.Data == null ? Keep.Triangle : Keep.Reflectors, team);
        Triangle(k, columns, work, stride, signs, exponent, r);
        if (q.Data == null) return;
        MatrixStore.Clear(rows, k, q);
        for (nint i = 0; i < k; i++) q.Data[q.Row(i) + q.Column(i)] = signs[i];

        Orthogonal(rows, k, k, work, stride, triangles, q, Start.Diagonal, team);
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
        var x = scratch.Take<T>(2 * (nint)rows);
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
        for (var j = (k - 1) / Width * Width; j >= 0; j -= Width)
        {
            var count = int.Min(Width, k - j);
            BlockReflector.Load(rows - j, count, DenseProduct.RowMajor(work + j * stride + j, stride), panel);
            var first = start == Start.Diagonal ? j : 0;
            BlockReflector.Apply(rows - j, count, panel, triangles + (nint)j * Width, q.At(j, first), columns - first, z, team);
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
