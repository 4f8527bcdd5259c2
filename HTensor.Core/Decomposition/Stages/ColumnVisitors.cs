using HTensor.Kernels;

namespace HTensor.Core;

/// <summary>G = sum over columns M M^T; blocks are added with compensation, so that the error is that of a block's sum.</summary>
internal sealed class GramVisitor(int rows, ThreadTeam team) : IColumnVisitor
{
    private readonly double[] _block = new double[checked(rows * rows)];
    private readonly double[] _lost = new double[checked(rows * rows)];

    public double[] Gram { get; } = new double[checked(rows * rows)];

    public void Visit(MatrixOperand<double> block, int columns, long outer, int outers, long inner)
    {
        Gemm.Multiply(rows, rows, columns, block, block.Transposed, _block, rows, 1, Accumulation.Overwrite, team);
        for (var i = 0; i < _block.Length; i++)
        {
            var sum = Gram[i] + _block[i];
            var part = sum - Gram[i];
            _lost[i] += Gram[i] - (sum - part) + (_block[i] - part);
            Gram[i] = sum;
        }
    }

    public void Finish()
    {
        for (var i = 0; i < _lost.Length; i++) Gram[i] += _lost[i];
    }
}

/// <summary>L of M = L Q, slab by slab.</summary>
internal sealed class LqVisitor(int rows, ThreadTeam team) : IColumnVisitor
{
    public LqAccumulator<double> Accumulator { get; } = new(rows);

    public void Visit(MatrixOperand<double> block, int columns, long outer, int outers, long inner) => Accumulator.Add(columns, block, team);
}

/// <summary>The left singular vectors and the singular values of a matrix that is visited whole.</summary>
internal sealed class SvdVisitor(int rows, ThreadTeam team) : IColumnVisitor
{
    public double[] Vectors { get; private set; } = [];

    public double[] Values { get; private set; } = [];

    public void Visit(MatrixOperand<double> block, int columns, long outer, int outers, long inner)
    {
        var k = Math.Min(rows, columns);
        (Vectors, Values) = (new double[rows * k], new double[k]);
        Factored.Require(Svd.Factor<double>(rows, columns, block, Vectors, Values, default, team));
    }
}

/// <summary>U^T M into an array [outer, rank, inner].</summary>
internal sealed class ProjectionVisitor(double[] basis, int rows, int rank, long innerSize, double[] destination, ThreadTeam team) : IColumnVisitor
{
    public void Visit(MatrixOperand<double> block, int columns, long outer, int outers, long inner)
    {
        var u = new MatrixOperand<double>(basis, 1, rank);
        var to = destination.AsSpan(checked((int)(outer * rank * innerSize + inner)));
        if (outers == 1) Gemm.Multiply(rank, columns, rows, u, block, to, (nint)innerSize, 1, Accumulation.Overwrite, team);
        else if (innerSize == 1) Gemm.Multiply(rank, columns, rows, u, block, to, 1, rank, Accumulation.Overwrite, team);
        else
        {
            var size = (int)innerSize;
            Gemm.Multiply(rank, columns, rows, u, block, to, Unfolding.Offsets(rank, size, 1, 0), Unfolding.Offsets(outers, rank * size, size, 1), Accumulation.Overwrite, team);
        }
    }
}

internal static class Factored
{
    /// <exception cref="ArithmeticException">A factorization found no result.</exception>
    public static void Require(FactorizationStatus status)
    {
        if (status != FactorizationStatus.Converged) throw new ArithmeticException($"singular value decomposition: expected to converge, found {status}");
    }
}
