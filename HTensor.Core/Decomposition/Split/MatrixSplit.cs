using HTensor.Kernels;

namespace HTensor.Core;

/// <summary>A tensor as a matrix [left, right] of a few orthonormal columns Q [left, k] times B [k, right], with what it leaves of the tensor measured.</summary>
/// <param name="Boundary">Modes left of it are rows.</param>
/// <param name="Left">Rows.</param>
/// <param name="Right">Columns.</param>
/// <param name="Rank">k, at most either.</param>
/// <param name="Q">[left, k], orthonormal columns.</param>
/// <param name="B">[k, right].</param>
/// <param name="Residual">||A - Q B||.</param>
/// <param name="Slack">What its square may be off by.</param>
internal sealed record MatrixSplit(int Boundary, int Left, int Right, int Rank, double[] Q, double[] B, double Residual, double Slack)
{
    private const int PartRows = 4096;

    /// <summary>
    /// A = (Q L) V with V [k, right] of orthonormal rows: what is truncated in Q L [left, k] is truncated in A. Q L takes the place of Q.
    /// </summary>
    public (double[] Weighted, double[] V) ToLeft(ThreadTeam team)
    {
        var (l, v, part) = (new double[Rank * Rank], new double[Rank * Right], new double[PartRows * Rank]);
        Lq.Factor<double>(Rank, Right, new MatrixOperand<double>(B, Right, 1), l, v, team);
        for (var row = 0; row < Left; row += PartRows)
        {
            var rows = Q.AsSpan(row * Rank, Math.Min(PartRows, Left - row) * Rank);
            rows.CopyTo(part);
            Gemm.Multiply(rows.Length / Rank, Rank, Rank, new(part, Rank, 1), new MatrixOperand<double>(l, Rank, 1), rows, Rank, 1, Accumulation.Overwrite, team);
        }

        return (Q, v);
    }

    /// <summary>a [rows, k] times b [k, columns].</summary>
    public static double[] Product(double[] a, int rows, int k, double[] b, int columns, ThreadTeam team)
    {
        var product = GC.AllocateUninitializedArray<double>(checked(rows * columns));
        Gemm.Multiply<double>(rows, columns, k, new(a, k, 1), new(b, columns, 1), product, columns, 1, Accumulation.Overwrite, team);
        return product;
    }
}
