using System.Numerics;
using HTensor.Kernels;

namespace HTensor.Core;

/// <summary>
/// Left singular vectors and values of a node's unfolding. The Gram matrix has squares of values, so those below the square root of the unit roundoff
/// of the norm drown in rounding: its eigenvectors serve only where both the error that is allowed and the error that is made are well above that.
/// </summary>
internal sealed class NodeSpectrum<T>(double norm) : IDisposable
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>Square roots of the unit roundoff of the norm, above which a value of the Gram matrix has some three digits.</summary>
    private const double Margin = 64;

    private const double ErrorOfGram = 1e-2;

    /// <summary>An unfolding and its Gram matrix.</summary>
    private readonly Scratch<T> _scratch = new();

    /// <summary>The relative error of values that a Gram matrix gave; 0 where none did.</summary>
    public double RelativeError { get; private set; }

    private double Least => Margin * double.Sqrt(StoredUnit.Of<T>()) * norm;

    /// <summary>A buffer for the next unfolding.</summary>
    public Span<T> Unfolding(int length) => _scratch.First(length);

    public void Dispose() => _scratch.Dispose();

    /// <summary>Vectors [rows, count], values, and the rank that the allowed error leaves, at most <paramref name="most"/>.</summary>
    public (T[] Vectors, double[] Values, int Rank) Of(ReadOnlySpan<T> unfolding, int rows, int columns, double allowed, int most)
    {
        if (columns >= rows && (allowed > Least || most < rows))
        {
            var (vectors, values) = ByGram(unfolding, rows, columns);
            var rank = RankChoice.Choose(values, allowed, most);
            // What is dropped must be known, and so must what the next directions weigh.
            if (rank < rows && RankChoice.Norm(values.AsSpan(rank)) > Least)
            {
                RelativeError = ErrorOfGram;
                return (vectors, values, rank);
            }
        }

        var (u, s) = BySvd(unfolding, rows, columns);
        return (u, s, RankChoice.Choose(s, allowed, most));
    }

    private (T[] Vectors, double[] Values) ByGram(ReadOnlySpan<T> unfolding, int rows, int columns)
    {
        var gram = _scratch.Second(rows * rows);
        GramMatrix.Multiply(rows, columns, new MatrixOperand<T>(unfolding, columns, 1), gram);
        T[] values = new T[rows], vectors = new T[rows * rows];
        RequireConverged(SymmetricEigen.Factor<T>(rows, new MatrixOperand<T>(gram, rows, 1), values, vectors, ThreadTeam.Inline));
        return (vectors, [.. values.Select(value => double.Sqrt(double.Max(0, double.CreateTruncating(value))))]);
    }

    private static (T[] Vectors, double[] Values) BySvd(ReadOnlySpan<T> unfolding, int rows, int columns)
    {
        var k = int.Min(rows, columns);
        T[] u = new T[rows * k], values = new T[k];
        RequireConverged(Svd.Factor<T>(rows, columns, new MatrixOperand<T>(unfolding, columns, 1), u, values, [], ThreadTeam.Inline));
        return (u, [.. values.Select(double.CreateTruncating)]);
    }

    public static void RequireConverged(FactorizationStatus status)
    {
        if (status == FactorizationStatus.Converged) return;
        if (status == FactorizationStatus.NonFinite) throw new ArgumentException("truncate: expected finite entries, found a NaN or an infinity");
        throw new ArithmeticException("truncate: expected the singular values of a node to converge, found that they did not");
    }
}
