using HTensor.Kernels;

namespace HTensor.Core;

/// <summary>A tensor as a matrix [left, right] of a few orthonormal columns Q [left, k] times B [k, right], with what it leaves of the tensor measured.</summary>
/// <param name="Boundary">Modes left of it are rows.</param>
/// <param name="Rank">k.</param>
/// <param name="Q">[left, k], orthonormal columns.</param>
/// <param name="B">[k, right].</param>
/// <param name="Residual">||A - Q B||.</param>
/// <param name="Slack">What its square may be off by.</param>
internal sealed record MatrixSplit(int Boundary, int Left, int Right, int Rank, double[] Q, double[] B, double Residual, double Slack)
{
    /// <summary>
    /// A = (Q L) V with V [k, right] of orthonormal rows: what is truncated in Q L [left, k] is truncated in A. Q is used up.
    /// </summary>
    public (double[] Weighted, double[] V) ToLeft(ThreadTeam team)
    {
        var (l, v) = (new double[Rank * Math.Min(Rank, Right)], new double[Math.Min(Rank, Right) * Right]);
        Lq.Factor<double>(Rank, Right, new MatrixOperand<double>(B, Right, 1), l, v, team);
        return (Product(Q, Left, Rank, l, Rank, team), v);
    }

    /// <summary>a [rows, k] times b [k, columns].</summary>
    public static double[] Product(double[] a, int rows, int k, double[] b, int columns, ThreadTeam team)
    {
        var product = GC.AllocateUninitializedArray<double>(checked(rows * columns));
        Gemm.Multiply<double>(rows, columns, k, new(a, k, 1), new(b, columns, 1), product, columns, 1, Accumulation.Overwrite, team);
        return product;
    }
}
