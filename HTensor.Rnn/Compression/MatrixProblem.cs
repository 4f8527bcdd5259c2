using HTensor.Core;
using HTensor.Kernels;

namespace HTensor.Rnn;

/// <summary>
/// A dense matrix that is to be compressed, [N, gates H] in double. Of both matrices as one the rows are W's, then U's; modes behind the first then divide
/// what N and H have in common, so that the first mode parts them.
/// </summary>
internal sealed class MatrixProblem
{
    /// <summary>A prime factor beyond this is one that factors badly: its side is padded to one that does not.</summary>
    private const int LargestFactor = 13;

    private double[]? _weighted;

    /// <param name="values">[rows, columns].</param>
    /// <param name="rows">N, or N + H.</param>
    /// <param name="columns">gates H.</param>
    /// <param name="parted">N where the rows are those of both matrices; else 0.</param>
    /// <param name="moments">Second moments of what the matrix multiplies; null: none.</param>
    public MatrixProblem(double[] values, int rows, int columns, int parted, double[]? moments)
    {
        (Values, Rows, Columns, Parted) = (values, rows, columns, parted);
        Plain = new MatrixTarget(values, rows, columns);
        Target = moments is null ? Plain : new MatrixTarget(values, rows, columns, moments);
        Root = moments is null ? null : RootOf(moments, rows);
    }

    public double[] Values { get; }

    public int Rows { get; }

    public int Columns { get; }

    public int Parted { get; }

    /// <summary>The Frobenius norm.</summary>
    public MatrixTarget Plain { get; }

    /// <summary>The norm that is fitted in.</summary>
    public MatrixTarget Target { get; }

    /// <summary>C^(1/2), symmetric, where there are moments.</summary>
    public (double[] Root, double[] Inverse)? Root { get; }

    /// <summary>The matrix whose plain norm is that of the target: C^(1/2) W.</summary>
    public double[] Weighted => _weighted ??= Root is { } root ? Product(root.Root, Values) : Values;

    /// <summary>Ways to cut the rows into modes that are as near to each other as possible, coarse to fine: the whole side first, padded ones last.</summary>
    public IEnumerable<int[]> RowModes(int most)
    {
        yield return [Rows];
        if (Parted > 0)
        {
            var common = Common(Parted, Rows - Parted);
            for (var order = 1; order < most; order++)
            {
                int[] behind = [.. ModeFactorization.Factor(common, order)];
                if (behind[0] > 1) yield return [Rows / common, .. behind];
            }

            yield break;
        }

        var size = Padded(Rows);
        for (var order = 2; order <= most; order++)
        {
            int[] modes = [.. ModeFactorization.Factor(size, order)];
            if (modes[0] > 1) yield return modes;
        }
    }

    /// <summary>Ways to cut the columns; they are never padded.</summary>
    public IEnumerable<int[]> ColumnModes(int most)
    {
        yield return [Columns];
        for (var order = 2; order <= most; order++)
        {
            int[] modes = [.. ModeFactorization.Factor(Columns, order)];
            if (modes[0] > 1) yield return [.. modes.Reverse()];
        }
    }

    /// <summary>The smallest number of at least <paramref name="size"/> whose prime factors are small.</summary>
    public static int Padded(int size)
    {
        while (ModeFactorization.LargestPrime(size) > LargestFactor) size++;
        return size;
    }

    /// <summary>Rows of zeros behind the matrix's own.</summary>
    public static double[] Extended(double[] values, int columns, int rows)
    {
        if (values.Length == rows * columns) return values;
        var extended = new double[rows * columns];
        values.CopyTo(extended, 0);
        return extended;
    }

    private double[] Product(double[] left, double[] right)
    {
        var product = new double[Rows * Columns];
        Gemm.Multiply(Rows, Columns, Rows, new MatrixOperand<double>(left, Rows, 1), new MatrixOperand<double>(right, Columns, 1), product, Columns, 1, Accumulation.Overwrite, ThreadTeam.Inline);
        return product;
    }

    private static int Common(int a, int b) => b == 0 ? a : Common(b, a % b);

    private static (double[] Root, double[] Inverse) RootOf(double[] moments, int n)
    {
        double[] values = new double[n], vectors = new double[n * n], root = new double[n * n], inverse = new double[n * n];
        if (SymmetricEigen.Factor<double>(n, new MatrixOperand<double>(moments, n, 1), values, vectors, ThreadTeam.Inline) != FactorizationStatus.Converged)
            throw new ArithmeticException("second moments: expected finite numbers, found others");
        Fill(root, Math.Sqrt);
        Fill(inverse, value => 1 / Math.Sqrt(value));
        return (root, inverse);

        void Fill(double[] destination, Func<double, double> of)
        {
            var scaled = new double[n * n];
            for (var i = 0; i < scaled.Length; i++) scaled[i] = vectors[i] * of(Math.Max(values[i % n], double.Epsilon + 1e-12 * values[0]));
            Gemm.Multiply(n, n, n, new MatrixOperand<double>(scaled, n, 1), new MatrixOperand<double>(vectors, 1, n), destination, n, 1, Accumulation.Overwrite, ThreadTeam.Inline);
        }
    }
}
