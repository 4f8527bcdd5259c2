using HTensor.Kernels;

namespace HTensor.Core;

/// <summary>
/// A node's basis of given rank from a random sketch of its unfolding, Y = M M^T Q of Q of M N with normals N, ten columns more than the rank: three passes of
/// some 2 n columns rank operations each, where a factorization takes n per column and row (Halko, Martinsson, Tropp 2011, algorithms 4.3 and 5.1).
/// </summary>
internal sealed class NodeSketch(ulong seed, ThreadTeam team, DenseBuffer buffer)
{
    private const int Oversampling = 10;
    private const double Unit = 1.0 / (1L << 53);

    private ulong _stream;

    /// <summary>The basis, or null where a sketch would be no smaller than the unfolding.</summary>
    public NodeBasis? Of(Unfolding unfolding, double norm, int rank)
    {
        var (n, stream) = (unfolding.Rows, _stream++);
        if (rank > (int.MaxValue / 2) || 2 * (rank + Oversampling) > Math.Min(n, unfolding.Columns)) return null;
        var k = rank + Oversampling;
        var sketch = new SketchVisitor(n, k, new Philox(seed, stream), team);
        unfolding.Visit(sketch, buffer);
        var power = new PowerVisitor(n, k, Range(sketch.Sum, n, k), team);
        unfolding.Visit(power, buffer);
        var q = Range(power.Sum, n, k);
        var lower = new ProjectedLqVisitor(n, k, q, team);
        unfolding.Visit(lower, buffer);
        return Basis(q, lower.Triangle(), n, k, rank, norm);
    }

    private NodeBasis Basis(double[] q, double[] triangle, int n, int k, int rank, double norm)
    {
        var (small, values) = (new double[k * k], new double[k]);
        Factored.Require(Svd.Factor<double>(k, k, new MatrixOperand<double>(triangle, k, 1), small, values, default, team));
        var vectors = new double[n * rank];
        Gemm.Multiply<double>(n, rank, k, new(q, k, 1), new(small, k, 1), vectors, rank, 1, Accumulation.Overwrite, team);
        // What the sketch did not see is an error too; its size is what is left of the norm.
        var seen = RankChoice.Norm(values);
        var unseen = Math.Sqrt(Math.Max(0, (norm - seen) * (norm + seen)));
        return new NodeBasis(vectors, [.. values.Take(rank), .. values.Skip(rank).Append(unseen).OrderDescending()], rank, 512 * Unit * norm * norm);
    }

    private double[] Range(double[] sketch, int n, int k)
    {
        var (q, r) = (new double[n * k], new double[k * k]);
        Qr.Factor<double>(n, k, new MatrixOperand<double>(sketch, k, 1), q, r, team);
        return q;
    }

    /// <summary>M N.</summary>
    private sealed class SketchVisitor(int rows, int k, Philox random, ThreadTeam team) : IColumnVisitor
    {
        public double[] Sum { get; } = new double[rows * k];

        public void Visit(MatrixOperand<double> block, int columns, long outer, int outers, long inner)
        {
            var normals = new double[columns * k];
            random.FillNormal<double>(normals, 1);
            Gemm.Multiply<double>(rows, k, columns, block, new(normals, k, 1), Sum, k, 1, Accumulation.Add, team);
        }
    }

    /// <summary>M M^T Q.</summary>
    private sealed class PowerVisitor(int rows, int k, double[] q, ThreadTeam team) : IColumnVisitor
    {
        public double[] Sum { get; } = new double[rows * k];

        public void Visit(MatrixOperand<double> block, int columns, long outer, int outers, long inner)
        {
            var half = new double[columns * k];
            Gemm.Multiply<double>(columns, k, rows, block.Transposed, new(q, k, 1), half, k, 1, Accumulation.Overwrite, team);
            Gemm.Multiply<double>(rows, k, columns, block, new(half, k, 1), Sum, k, 1, Accumulation.Add, team);
        }
    }

    /// <summary>L of Q^T M = L V.</summary>
    private sealed class ProjectedLqVisitor(int rows, int k, double[] q, ThreadTeam team) : IColumnVisitor
    {
        private readonly LqAccumulator<double> _accumulator = new(k);

        public void Visit(MatrixOperand<double> block, int columns, long outer, int outers, long inner)
        {
            var projected = new double[k * columns];
            Gemm.Multiply<double>(k, columns, rows, new(q, 1, k), block, projected, columns, 1, Accumulation.Overwrite, team);
            _accumulator.Add(columns, new MatrixOperand<double>(projected, columns, 1), team);
        }

        public double[] Triangle()
        {
            var triangle = new double[k * k];
            _accumulator.Triangle(triangle);
            return triangle;
        }
    }
}
