using HTensor.Kernels;

namespace HTensor.Core;

/// <summary>
/// Looks for a split A = Q B of few columns at the boundary that leaves the least: a sketch Y = A S with random signs, Q of its columns, B = Q^T A, and
/// the residual itself, each one pass over A. Nothing rests on the signs but time: what Q B leaves is measured, and where it is too much the
/// tensor is decomposed whole. Halko, Martinsson, Tropp 2011, algorithm 4.1.
/// </summary>
internal sealed class SplitSearch(IDenseSource source, IReadOnlyList<int> sizes, ThreadTeam team, DenseBuffer buffer)
{
    /// <summary>Smaller tensors are decomposed whole in less time.</summary>
    private const int SmallestLength = 1 << 16;

    /// <summary>A side must be so many times the sketch.</summary>
    private const int SideOverSketch = 4;

    /// <summary>Part of the allowed error that a split may take.</summary>
    private const double Share = 0.25;

    /// <summary>Where the error allowed is below this part of the norm, the difference of norms does not show it: the residual is measured.</summary>
    private const double NormsShow = 3e-6;

    /// <summary>Below this part of the norm rounding hides what a sketch misses.</summary>
    private const double Lowest = 2e-14;

    private const double Unit = 1.0 / (1L << 53);

    private const int MostColumns = 128;

    /// <summary>Part of the error allowed that the first column left out may have.</summary>
    private const double LeftOut = 0.01;

    /// <summary>Columns taken beyond those.</summary>
    private const int Spare = 8;

    /// <summary>Of a sketch.</summary>
    private const int MostNumbers = 1 << 28;

    /// <summary>The squared norm, if the search has read the tensor.</summary>
    public double? Squares { get; private set; }

    /// <summary>A split whose residual is a small part of what is allowed, or null.</summary>
    /// <param name="boundaries">Where the format can be split.</param>
    /// <param name="allowed">The error allowed for a norm.</param>
    public MatrixSplit? Find(IEnumerable<int> boundaries, Func<double, double> allowed)
    {
        if (source.Length < SmallestLength) return null;
        var best = boundaries.Where(IsWorthIt).OrderBy(boundary => Product(0, boundary) + Product(boundary, sizes.Count)).Cast<int?>().FirstOrDefault();
        return best is { } boundary ? At(boundary, allowed) : null;
    }

    private int LeastColumns => source is NpySource ? 32 : 16;

    /// <summary>Of a file another pass costs more than columns that turn out to be too many.</summary>
    private int FirstColumns(int left, int right) => source is NpySource ? Math.Clamp(Math.Min(left, right) / 64 * 8, LeastColumns, 96) : LeastColumns;

    private bool IsWorthIt(int boundary)
    {
        var (left, right) = (Product(0, boundary), Product(boundary, sizes.Count));
        return Math.Min(left, right) >= SideOverSketch * LeastColumns && Math.Max(left, right) <= Math.Min(source.Length / 8, MostNumbers) / LeastColumns;
    }

    private MatrixSplit? At(int boundary, Func<double, double> allowed)
    {
        var (left, right) = (checked((int)Product(0, boundary)), checked((int)Product(boundary, sizes.Count)));
        var columns = FirstColumns(left, right);
        var sketch = Sketch(left, right, 0, columns);
        if (!SourceNorm.IsSafe(Squares!.Value)) return null;
        var norm = Math.Sqrt(Squares.Value);
        var limit = allowed(norm);
        if (!(limit >= Lowest * norm)) return null;
        var range = Range(sketch, left, columns);
        var wanted = Columns(range.Values, limit, norm);
        if (wanted > Math.Min(MostColumns, Math.Min(Math.Min(left, right) / SideOverSketch, MostNumbers / Math.Max(left, right)))) return null;
        if (wanted > columns)
        {
            if (source is NpySource) return null;
            sketch = Beside(sketch, Sketch(left, right, columns, wanted - columns), left, columns, wanted - columns);
            range = Range(sketch, left, wanted);
            columns = wanted;
        }

        (var q, columns) = Trimmed(range, left, columns, limit, norm);
        return Measured(boundary, left, right, columns, q, limit, norm);
    }

    /// <summary>The leading directions of the sketch, which stand first: as many as the error allowed needs.</summary>
    private (double[] Q, int Columns) Trimmed((double[] Q, double[] U, double[] Values) range, int left, int columns, double limit, double norm)
    {
        var scale = RankChoice.Norm(range.Values) / norm;
        var needed = range.Values.Count(value => value > LeftOut * limit * scale);
        var kept = Math.Min(columns, (needed + Spare + 7) / 8 * 8);
        if (kept == columns) return (range.Q, columns);
        var q = new double[left * kept];
        Gemm.Multiply(left, kept, columns, new MatrixOperand<double>(range.Q, columns, 1), new MatrixOperand<double>(range.U, columns, 1), q, kept, 1, Accumulation.Overwrite, team);
        return (q, kept);
    }

    private MatrixSplit? Measured(int boundary, int left, int right, int k, double[] q, double limit, double norm)
    {
        var panels = new PanelMatrix<double>(k, right);
        Pass(left, right, (row, rows, block) => ThinProjection.Add(rows, right, q.AsSpan(row * k, rows * k), block.Data, block.Stride, panels, team));
        var b = new double[k * right];
        panels.CopyTo(b);
        var squares = default(CompensatedSum);
        SourceNorm.AddSquares(b, ref squares);
        var (residual, slack) = (Math.Sqrt(Math.Max(0, norm * norm - squares.Value)), 512 * Unit * norm * norm);
        if (limit < NormsShow * norm)
        {
            var sums = new double[right];
            Pass(left, right, (row, rows, block) => ThinResidual.AddSquares(rows, right, q.AsSpan(row * k, rows * k), panels, block.Data, block.Stride, sums, team));
            var total = default(CompensatedSum);
            foreach (var sum in sums) total.Add(sum);
            (residual, slack) = (Math.Sqrt(total.Value), 0);
        }

        return residual * residual <= Share * Share * limit * limit ? new MatrixSplit(boundary, left, right, k, q, b, residual, slack) : null;
    }

    /// <summary>A S for columns <paramref name="first"/> on of the signs; the first time the squared norm too.</summary>
    private double[] Sketch(int left, int right, int first, int columns)
    {
        var signs = Signs(right, first, columns);
        var sketch = GC.AllocateUninitializedArray<double>(checked(left * columns));
        var (sum, counting) = (default(CompensatedSum), Squares is null);
        Pass(left, right, (row, rows, block) =>
        {
            Gemm.Multiply(rows, columns, right, new MatrixOperand<double>(block.Data, block.Stride, 1), new MatrixOperand<double>(signs, columns, 1),
                sketch.AsSpan(row * columns), columns, 1, Accumulation.Overwrite, team);
            if (counting) SourceNorm.AddSquares(block.Data, ref sum);
        });
        if (counting) Squares = sum.Value;
        return sketch;
    }

    private void Pass(int left, int right, RowsAction action)
    {
        // Few rows at a time from memory, so that they are in the nearer caches for all that is done with them; the cut is the same from a file.
        var part = Math.Clamp((1 << 17) / right, 16, left);
        var read = source is NpySource or ScaledSource ? Math.Max(part, DenseBuffer.Aim / right / part * part) : part;
        for (var row = 0; row < left; row += read)
        {
            var rows = Math.Min(read, left - row);
            var block = source.Read((long)row * right, 1, 0, checked(rows * right), buffer);
            for (var at = 0; at < rows; at += part)
            {
                var count = Math.Min(part, rows - at);
                action(row + at, count, new DenseBlock(block.Data.Slice(at * right, count * right), right));
            }
        }
    }

    /// <summary>Random signs, each column from a stream of its own.</summary>
    private static double[] Signs(int rows, int first, int columns)
    {
        const int bits = 32;
        var signs = new double[rows * columns];
        for (var j = 0; j < columns; j++)
        {
            var random = new Philox(seed: 1, stream: (ulong)(first + j));
            var word = 0u;
            for (var i = 0; i < rows; i++)
            {
                if (i % bits == 0) word = random.NextUInt32();
                signs[i * columns + j] = (word >> (i % bits) & 1) == 0 ? 1 : -1;
            }
        }

        return signs;
    }

    /// <summary>An orthonormal basis Q of the sketch's columns, its singular values, and their vectors Q U.</summary>
    private (double[] Q, double[] U, double[] Values) Range(double[] sketch, int left, int columns)
    {
        var (q, r, u, values) = (new double[left * columns], new double[columns * columns], new double[columns * columns], new double[columns]);
        Qr.Factor<double>(left, columns, new MatrixOperand<double>(sketch, columns, 1), q, r, team);
        Factored.Require(Svd.Factor<double>(columns, columns, new MatrixOperand<double>(r, columns, 1), u, values, default, team));
        return (q, u, values);
    }

    /// <summary>Columns that would do, from how fast the sketch's singular values fall; as many as there are if they do.</summary>
    private static int Columns(double[] values, double limit, double norm)
    {
        const double margin = 0.05;
        var scale = RankChoice.Norm(values) / norm;
        var (last, goal) = (values[^1] / scale, margin * limit);
        if (!(last > goal)) return values.Length;
        var (fall, wanted) = (ScalarFunctions.Log(values[0] / scale / last), ScalarFunctions.Log(values[0] / scale / goal));
        var columns = fall > 0.01 ? values.Length * wanted / fall * 1.1 + 4 : double.PositiveInfinity;
        return columns < int.MaxValue ? ((int)columns + 7) / 8 * 8 : int.MaxValue;
    }

    private static double[] Beside(double[] first, double[] second, int rows, int firstColumns, int secondColumns)
    {
        var both = new double[checked(rows * (firstColumns + secondColumns))];
        for (var i = 0; i < rows; i++)
        {
            var row = both.AsSpan(i * (firstColumns + secondColumns));
            first.AsSpan(i * firstColumns, firstColumns).CopyTo(row);
            second.AsSpan(i * secondColumns, secondColumns).CopyTo(row[firstColumns..]);
        }

        return both;
    }

    private long Product(int from, int to)
    {
        var product = 1L;
        for (var i = from; i < to; i++) product *= sizes[i];
        return product;
    }

    private delegate void RowsAction(int row, int rows, DenseBlock block);
}
