using HTensor.Kernels;

namespace HTensor.Core;

/// <summary>
/// Squared singular values of the unfoldings of a matrix whose sides are cut into factors: of each set of factors against all others, computed once. The
/// sum of those behind rank r is the squared error of a truncation to it.
/// </summary>
internal sealed class Unfoldings
{
    /// <summary>Smaller side of an unfolding beyond which it is not looked at, unless it is the matrix as it is.</summary>
    private const int LargestSide = 1024;

    private readonly LabelledTensor _tensor;
    private readonly Dictionary<uint, double[]> _tails = [];

    /// <param name="matrix">Row-major.</param>
    /// <param name="inputs">Factors of the rows.</param>
    /// <param name="outputs">Factors of the columns.</param>
    public Unfoldings(double[] matrix, IReadOnlyList<int> inputs, IReadOnlyList<int> outputs)
    {
        (Inputs, Sizes) = (inputs.Count, [.. inputs, .. outputs]);
        _tensor = new LabelledTensor(matrix, [.. Sizes.Select((_, factor) => $"{factor}")], Sizes);
    }

    /// <summary>Factors of the rows; those of the columns follow.</summary>
    public int Inputs { get; }

    public IReadOnlyList<int> Sizes { get; }

    public uint All => (1u << Sizes.Count) - 1;

    /// <summary>All factors of the rows.</summary>
    public uint Rows => (1u << Inputs) - 1;

    /// <summary>Unfoldings that were computed.</summary>
    public int Computed => _tails.Count;

    /// <summary>Entries over a set of factors.</summary>
    public int Volume(uint set) => Factors(set).Aggregate(1, (product, factor) => product * Sizes[factor]);

    public IEnumerable<int> Factors(uint set) => Enumerable.Range(0, Sizes.Count).Where(factor => (set >> factor & 1) != 0);

    /// <summary>tail[r], the squared error of rank r, r from 0 to the smaller side; empty where the unfolding is too large.</summary>
    public double[] Tail(uint set)
    {
        var key = Math.Min(set, All & ~set);
        if (_tails.TryGetValue(key, out var found)) return found;
        var (rows, columns) = (_tensor.Places(Factors(key).Select(factor => $"{factor}")), _tensor.Places(Factors(All & ~key).Select(factor => $"{factor}")));
        if (rows.Length > columns.Length) (rows, columns) = (columns, rows);
        return _tails[key] = rows.Length > LargestSide && key != Math.Min(Rows, All & ~Rows) ? [] : Tails(rows, columns);
    }

    private double[] Tails(int[] rows, int[] columns)
    {
        var n = rows.Length;
        double[] gram = new double[n * n], values = new double[n], tail = new double[n + 1];
        var a = new MatrixOperand<double>(_tensor.Values, rows, columns);
        Gemm.Multiply(n, n, columns.Length, a, a.Transposed, gram, n, 1, Accumulation.Overwrite, ThreadTeam.Inline);
        if (SymmetricEigen.Factor<double>(n, new MatrixOperand<double>(gram, n, 1), values, [], ThreadTeam.Inline) != FactorizationStatus.Converged)
            throw new ArithmeticException("singular values: expected finite numbers, found others");
        for (var r = n - 1; r >= 0; r--) tail[r] = tail[r + 1] + Math.Max(0, values[r]);
        return tail;
    }
}
