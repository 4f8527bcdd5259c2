using HTensor.Kernels;

namespace HTensor.Core;

/// <summary>
/// The leading left singular vectors of an unfolding [n, columns] and all its singular values. The Gram matrix's eigenvectors cost half or less of an
/// orthogonal factorization, but each squared value is off by some n epsilon ||X||^2: they are taken where that is no part of the error allowed
/// here, and kept if they add up to the norm, which is summed apart.
/// </summary>
/// <param name="Vectors">U [n, rank], row-major; null where the rank is n and the identity serves.</param>
/// <param name="Values">All singular values, descending.</param>
/// <param name="Rank">Columns of U.</param>
/// <param name="Slack">What the sum of the squared values dropped may be off by.</param>
internal sealed record NodeBasis(double[]? Vectors, double[] Values, int Rank, double Slack)
{
    /// <summary>Slack of a Gram matrix over the error allowed, both squared.</summary>
    private const double GramShare = 0.01;

    private const double Unit = 1.0 / (1L << 53);

    public double Tail => RankChoice.Norm(Values.AsSpan(Rank));

    public static NodeBasis Of(Unfolding unfolding, double norm, double allowed, int maximalRank, ThreadTeam team, DenseBuffer buffer)
    {
        var n = unfolding.Rows;
        if (n == 1) return new NodeBasis(null, [norm], 1, 0);
        if (n > unfolding.Columns) return Whole(unfolding, allowed, maximalRank, team, buffer);
        var slack = GramSlack(n) * norm * norm;
        return slack <= GramShare * allowed * allowed && FromGram(unfolding, norm, allowed, maximalRank, slack, team, buffer) is { } quick
            ? quick
            : FromTriangle(unfolding, allowed, maximalRank, team, buffer);
    }

    /// <summary>U, or the identity that stands for it.</summary>
    public double[] Frame(int n)
    {
        if (Vectors is { } vectors) return vectors;
        var identity = new double[checked(n * n)];
        for (var i = 0; i < n; i++) identity[i * n + i] = 1;
        return identity;
    }

    private static double GramSlack(int n) => (40 + 4.0 * n) * Unit;

    private static NodeBasis Whole(Unfolding unfolding, double allowed, int maximalRank, ThreadTeam team, DenseBuffer buffer)
    {
        var visitor = new SvdVisitor(unfolding.Rows, team);
        unfolding.VisitWhole(visitor, buffer);
        return Chosen(visitor.Vectors, visitor.Values, unfolding.Rows, allowed, maximalRank, 0);
    }

    private static NodeBasis FromTriangle(Unfolding unfolding, double allowed, int maximalRank, ThreadTeam team, DenseBuffer buffer)
    {
        var n = unfolding.Rows;
        var visitor = new LqVisitor(n, team);
        unfolding.Visit(visitor, buffer);
        var triangle = new double[checked(n * n)];
        visitor.Accumulator.Triangle(triangle);
        var (vectors, values) = (new double[n * n], new double[n]);
        Factored.Require(Svd.Factor<double>(n, n, new MatrixOperand<double>(triangle, n, 1), vectors, values, default, team));
        return Chosen(vectors, values, n, allowed, maximalRank, 0);
    }

    private static NodeBasis? FromGram(Unfolding unfolding, double norm, double allowed, int maximalRank, double slack, ThreadTeam team, DenseBuffer buffer)
    {
        var n = unfolding.Rows;
        var visitor = new GramVisitor(n, team);
        unfolding.Visit(visitor, buffer);
        visitor.Finish();
        var (vectors, values) = (new double[n * n], new double[n]);
        Factored.Require(SymmetricEigen.Factor<double>(n, new MatrixOperand<double>(visitor.Gram, n, 1), values, vectors, team));
        for (var i = 0; i < n; i++) values[i] = Math.Sqrt(Math.Max(0, values[i]));
        var basis = Chosen(vectors, values, n, Math.Sqrt(allowed * allowed - slack), maximalRank, slack);

        // The values are those of X only if their squares add up to its norm's.
        var sum = 0.0;
        for (var i = n - 1; i >= 0; i--) sum += values[i] * values[i];
        return Math.Abs(sum - norm * norm) <= slack * n ? basis : null;
    }

    private static NodeBasis Chosen(double[] vectors, double[] values, int n, double allowed, int maximalRank, double slack)
    {
        var rank = RankChoice.Choose(values, allowed, maximalRank);
        if (rank == n) return new NodeBasis(null, values, n, 0);
        var kept = new double[n * rank];
        var width = values.Length;
        for (var i = 0; i < n; i++) vectors.AsSpan(i * width, rank).CopyTo(kept.AsSpan(i * rank));
        return new NodeBasis(kept, values, rank, slack);
    }
}
