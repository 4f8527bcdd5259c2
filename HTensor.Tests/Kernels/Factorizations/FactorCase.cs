using System.Numerics;
using HTensor.Kernels;
using Xunit;

namespace HTensor.Tests.Kernels;

/// <summary>A matrix laid out in some way, and the checks that every factorization of it shares, in double.</summary>
internal sealed class FactorCase<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly int[] _rowOffsets;
    private readonly int[] _columnOffsets;
    private readonly GemmTests.Layout _layout;

    public FactorCase(int rows, int columns, Func<int, int, double> value, GemmTests.Layout layout = GemmTests.Layout.RowMajor)
    {
        (Rows, Columns, _layout) = (rows, columns, layout);
        var (rowStride, columnStride) = layout switch
        {
            GemmTests.Layout.ColumnMajor => (1, rows + 2),
            GemmTests.Layout.Strided => (2 * columns + 3, 2),
            _ => (columns + 1, 1),
        };
        var offset = layout == GemmTests.Layout.Gathered ? 5 : 0;
        _rowOffsets = [.. Enumerable.Range(0, rows).Select(i => i * rowStride + offset)];
        _columnOffsets = [.. Enumerable.Range(0, columns).Select(j => j * columnStride)];
        if (layout == GemmTests.Layout.Gathered)
        {
            var random = new Philox(77);
            random.Shuffle(_rowOffsets);
            random.Shuffle(_columnOffsets);
        }

        RowStride = rowStride;
        ColumnStride = columnStride;
        Data = new T[offset + int.Max(0, rows - 1) * rowStride + int.Max(0, columns - 1) * columnStride + 1];

        // What is not of the matrix must not be read.
        Array.Fill(Data, T.NaN);
        A = new double[rows, columns];
        for (var i = 0; i < rows; i++)
        {
            for (var j = 0; j < columns; j++)
            {
                var element = T.CreateTruncating(value(i, j));
                Data[_rowOffsets[i] + _columnOffsets[j]] = element;
                A[i, j] = double.CreateTruncating(element);
            }
        }
    }

    public int Rows { get; }

    public int Columns { get; }

    public int K => int.Min(Rows, Columns);

    public double[,] A { get; }

    public T[] Data { get; }

    private int RowStride { get; }

    private int ColumnStride { get; }

    public MatrixOperand<T> View => _layout == GemmTests.Layout.Gathered ? new(Data, _rowOffsets, _columnOffsets) : new(Data, RowStride, ColumnStride);

    public static double Epsilon => typeof(T) == typeof(float) ? 1.2e-7 : 2.3e-16;

    public static FactorCase<T> Normal(int rows, int columns, GemmTests.Layout layout = GemmTests.Layout.RowMajor, double scale = 1)
    {
        var values = new double[rows * columns];
        new Philox((ulong)(rows * 1000 + columns)).FillNormal(values, 1.0);
        return new(rows, columns, (i, j) => scale * values[i * columns + j], layout);
    }

    /// <summary>A = left diag(middle) right within a modest multiple of epsilon of the largest entry times the root of the size.</summary>
    public void Rebuilds(T[] left, ReadOnlySpan<T> middle, T[] right, int inner, double factor = 20)
    {
        var norm = Norm();
        var tolerance = factor * Epsilon * norm * (1 + K);
        for (var i = 0; i < Rows; i++)
        {
            for (var j = 0; j < Columns; j++)
            {
                double sum = 0;
                for (var p = 0; p < inner; p++)
                    sum += double.CreateTruncating(left[i * inner + p]) * (middle.IsEmpty ? 1 : double.CreateTruncating(middle[p])) * double.CreateTruncating(right[p * Columns + j]);
                if (!(Math.Abs(sum - A[i, j]) <= tolerance)) Assert.Fail($"[{Rows}, {Columns}] at ({i}, {j}): expected {A[i, j]:R}, found {sum:R}, tolerance {tolerance:E1}");
            }
        }
    }

    /// <summary>The largest magnitude, times the root of the larger size: a guess of the norm that does not overflow.</summary>
    public double Norm()
    {
        double largest = 0;
        foreach (var value in A) largest = Math.Max(largest, Math.Abs(value));
        return largest * Math.Sqrt(Math.Max(1, int.Max(Rows, Columns)));
    }

    /// <summary>Columns of x [rows, columns] are orthonormal, or its rows if it is wide.</summary>
    public static void Orthonormal(T[] x, int rows, int columns, string what)
    {
        var (count, length) = rows >= columns ? (columns, rows) : (rows, columns);
        double At(int vector, int i) => double.CreateTruncating(rows >= columns ? x[i * columns + vector] : x[vector * columns + i]);
        var tolerance = 20 * Epsilon * (1 + count);
        for (var a = 0; a < count; a++)
        {
            for (var b = 0; b <= a; b++)
            {
                double sum = a == b ? -1 : 0;
                for (var i = 0; i < length; i++) sum += At(a, i) * At(b, i);
                if (!(Math.Abs(sum) <= tolerance)) Assert.Fail($"{what} [{rows}, {columns}]: vectors {a} and {b} differ from orthonormal by {sum:E2}, tolerance {tolerance:E1}");
            }
        }
    }

    public static T[] NaNs(int length)
    {
        var values = new T[length];
        Array.Fill(values, T.NaN);
        return values;
    }
}
