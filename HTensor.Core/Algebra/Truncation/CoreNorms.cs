using System.Numerics;
using HTensor.Kernels;

namespace HTensor.Core;

/// <summary>Norms of columns and of weighted cores, in double: what rounding is measured by.</summary>
internal static class CoreNorms
{
    /// <summary>sum_abc (l_a r_b B[a, b, c])^2; empty weights are ones.</summary>
    public static double Weighted<T>(ReadOnlySpan<T> core, int c, ReadOnlySpan<double> left, int b, ReadOnlySpan<double> right)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        if (left.IsEmpty && right.IsEmpty) return double.CreateTruncating(SumOfSquares.Of(core));
        var sum = 0.0;
        for (int row = 0, at = 0; at < core.Length; row++, at += c)
        {
            var weight = (left.IsEmpty ? 1 : left[row / b]) * (right.IsEmpty ? 1 : right[row % b]);
            sum += weight * weight * (c == 1 ? Squared(double.CreateTruncating(core[at])) : double.CreateTruncating(SumOfSquares.Of(core.Slice(at, c))));
        }

        return sum;
    }

    /// <summary>The norms of a matrix's columns.</summary>
    public static double[] OfColumns<T>(ReadOnlySpan<T> matrix, int columns)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var norms = new double[columns];
        for (var at = 0; at < matrix.Length; at += columns)
        {
            for (var column = 0; column < columns; column++) norms[column] += Squared(double.CreateTruncating(matrix[at + column]));
        }

        for (var column = 0; column < columns; column++) norms[column] = double.Sqrt(norms[column]);
        return norms;
    }

    public static double Of<T>(ReadOnlySpan<T> values)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> => double.Sqrt(double.CreateTruncating(SumOfSquares.Of(values)));

    private static double Squared(double x) => x * x;
}
