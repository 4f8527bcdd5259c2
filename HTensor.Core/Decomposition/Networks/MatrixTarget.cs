using HTensor.Kernels;

namespace HTensor.Core;

/// <summary>
/// A matrix W [rows, columns] that a network is to come near to, in the norm ||E||^2 = tr(E^T C E): C is the identity, or the second moments of what W
/// multiplies, so that the norm is the mean square error of the products. A network may have more rows; those behind W's do not count.
/// </summary>
internal sealed class MatrixTarget
{
    private readonly double[]? _moments;

    /// <param name="values">W, row-major.</param>
    /// <param name="rows">Of W.</param>
    /// <param name="columns">Of W.</param>
    /// <param name="moments">C [rows, rows], symmetric and positive definite; null: the identity.</param>
    public MatrixTarget(double[] values, int rows, int columns, double[]? moments = null)
    {
        (Values, Rows, Columns, _moments) = (values, rows, columns, moments);
        var image = new double[values.Length];
        Apply(values, image);
        for (var i = 0; i < values.Length; i++) SquaredNorm += values[i] * image[i];
    }

    public double[] Values { get; }

    public int Rows { get; }

    public int Columns { get; }

    /// <summary>||W||^2</summary>
    public double SquaredNorm { get; }

    /// <summary>Whether C is another than the identity.</summary>
    public bool IsWeighted => _moments is not null;

    /// <summary>C V for the rows that count, 0 for the others.</summary>
    public void Apply(ReadOnlySpan<double> v, Span<double> destination)
    {
        var counted = Rows * Columns;
        destination[counted..].Clear();
        if (_moments is null)
        {
            v[..counted].CopyTo(destination);
            return;
        }

        Gemm.Multiply(Rows, Columns, Rows, new MatrixOperand<double>(_moments, Rows, 1), new MatrixOperand<double>(v[..counted], Columns, 1), destination[..counted], Columns, 1, Accumulation.Overwrite, ThreadTeam.Inline);
    }

    /// <summary>||V - W||^2.</summary>
    public double SquaredError(ReadOnlySpan<double> v)
    {
        var (error, image) = (new double[Values.Length], new double[Values.Length]);
        for (var i = 0; i < error.Length; i++) error[i] = v[i] - Values[i];
        Apply(error, image);
        var sum = 0.0;
        for (var i = 0; i < error.Length; i++) sum += error[i] * image[i];
        return sum;
    }
}
