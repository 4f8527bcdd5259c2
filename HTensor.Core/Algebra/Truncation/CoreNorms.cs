using System.Numerics;
using System.Numerics.Tensors;
using HTensor.Kernels;

namespace HTensor.Core;

/// <summary>Norms of columns and of weighted cores, in double: what rounding is measured by.</summary>
internal static class CoreNorms
{
    /// <summary>sqrt(sum_abc (l_a r_b B[a, b, c])^2), also where squares leave the range of T; empty weights are ones.</summary>
    public static double Weighted<T>(ReadOnlySpan<T> core, int c, ReadOnlySpan<double> left, int b, ReadOnlySpan<double> right)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var squares = WeightedSquares(core, c, left, b, right);
        if (IsSafe<T>(squares)) return double.Sqrt(squares);
        var scaled = Scaled(core, out var exponent);
        return double.ScaleB(double.Sqrt(WeightedSquares<double>(scaled, c, left, b, right)), exponent);
    }

    /// <summary>The squared norm of each row of c numbers, in units of 2^(2 exponent).</summary>
    public static double[] SquaresOfRows<T>(ReadOnlySpan<T> core, int c, out int exponent)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        exponent = 0;
        if (!IsSafe<T>(double.CreateTruncating(SumOfSquares.Of(core)))) return SquaresOfRows<double>(Scaled(core, out exponent), c);
        return SquaresOfRows(core, c);
    }

    private static double[] SquaresOfRows<T>(ReadOnlySpan<T> core, int c)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var squares = new double[core.Length / c];
        for (var row = 0; row < squares.Length; row++) squares[row] = double.CreateTruncating(SumOfSquares.Of(core.Slice(row * c, c)));
        return squares;
    }

    private static double WeightedSquares<T>(ReadOnlySpan<T> core, int c, ReadOnlySpan<double> left, int b, ReadOnlySpan<double> right)
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

    /// <summary>Whether a sum of squares has overflowed nowhere, and what has underflowed in it does not count.</summary>
    private static bool IsSafe<T>(double squares) => double.IsFinite(squares) && squares > (typeof(T) == typeof(float) ? 1e-28 : 1e-270);

    private static double[] Scaled<T>(ReadOnlySpan<T> core, out int exponent)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var scaled = new double[core.Length];
        TensorPrimitives.ConvertTruncating(core, scaled);
        exponent = Balance.Divide<double>(scaled);
        return scaled;
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
