using System.Numerics;
using System.Runtime.CompilerServices;

namespace HTensor.Kernels;

/// <summary>
/// Two solved halves become one: the eigenproblem of diag(d) + rho z z^T, or the singular value problem of an arrow matrix, by its secular equation,
/// and one product with the vectors of the halves. Items of negligible z, and one of two that coincide, keep their vectors (deflation).
/// </summary>
internal unsafe ref struct DivideStep<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    public required Poles Poles;

    /// <summary>Items, and to each a row of the vectors, from the first row on.</summary>
    public required int Count;

    /// <summary>Values of the items; for squares that of the item at <see cref="Fixed"/> is 0 and stays.</summary>
    public required double* D;

    public required double* Z;

    public required double Rho;

    public required double Tolerance;

    /// <summary>The item that never deflates, or -1. Items before it are of the first half; its row reaches into both.</summary>
    public required int Fixed;

    /// <summary>Items of the first half.</summary>
    public required int FirstHalf;

    /// <summary>Columns of the first half and of the second, from the first column on.</summary>
    public required int FirstColumns;

    public required int SecondColumns;

    /// <summary>Rows of vectors, at the first row and column; U may be null.</summary>
    public required T* U;

    public required T* V;

    public required nint Stride;

    private int* _kept;
    private byte* _halves;
    private int _count;

    /// <summary>Rounding of the whole problem: what is smaller than this deflates.</summary>
    public static double ToleranceOf(int n, double* d, double* e)
    {
        var largest = 0.0;
        for (var i = 0; i < n; i++) largest = double.Max(largest, double.Max(double.Abs(d[i]), i + 1 < n ? double.Abs(e[i]) : 0));
        return 8 * (typeof(T) == typeof(float) ? 6e-8 : 1.1e-16) * largest;
    }

    public void Run(ThreadTeam team)
    {
        if (Tolerance == 0) return;
        var scratch = FactorScratch.OfThread;
        using var scope = scratch.Open();
        _kept = scratch.Take<int>(Count);
        _halves = scratch.Take<byte>(Count);
        Deflate();
        if (_count == 0) return;
        var k = _count;
        var d = scratch.Take<double>(k);
        var z = scratch.Take<double>(k);
        var weights = scratch.Take<double>(k);
        var values = scratch.Take<double>(k);
        var differences = scratch.Take<double>((nint)k * k);
        for (var j = 0; j < k; j++)
        {
            d[j] = D[_kept[j]];
            z[j] = Z[_kept[j]];
            weights[j] = Rho * z[j] * z[j];
        }

        SecularEquation.Solve(k, d, weights, Poles, values, differences);
        SecularEquation.Refine(k, d, Poles, differences, z, weights);
        var left = U == null ? null : scratch.Take<T>((nint)k * k);
        var right = scratch.Take<T>((nint)k * k);
        Vectors(k, d, z, differences, left, right);
        var product = scratch.Take<T>((nint)k * (FirstColumns + SecondColumns));
        if (U != null) Multiply(left, U, product, team);
        Multiply(right, V, product, team);
        for (var j = 0; j < k; j++) D[_kept[j]] = values[j];
    }

    private void Deflate()
    {
        var scratch = FactorScratch.OfThread;
        using var scope = scratch.Open();
        var keys = scratch.Take<double>(Count);
        var order = scratch.Take<int>(Count);
        for (var j = 0; j < Count; j++)
        {
            keys[j] = j == Fixed ? double.NegativeInfinity : D[j];
            order[j] = j;
            _halves[j] = j == Fixed ? (byte)3 : j < FirstHalf ? (byte)1 : (byte)2;
        }

        new Span<double>(keys, Count).Sort(new Span<int>(order, Count));
        _count = 0;
        for (var at = 0; at < Count; at++)
        {
            var j = order[at];
            if (j == Fixed)
            {
                if (!(double.Abs(Z[j]) > Tolerance)) Z[j] = double.CopySign(Tolerance, Z[j]);
            }
            else
            {
                if (Rho * double.Abs(Z[j]) <= Tolerance) continue;
                if (Poles == Poles.Squares) D[j] = double.Max(D[j], Tolerance / 2);
                if (_count > 0 && _kept[_count - 1] != Fixed && D[j] - D[_kept[_count - 1]] <= Tolerance)
                {
                    Merge(_kept[_count - 1], j);
                    _count--;
                }
            }

            _kept[_count++] = j;
        }
    }

    /// <summary>Two items of one value: a rotation gives all of z to the second, and the first is done.</summary>
    private readonly void Merge(int first, int second)
    {
        var rotation = new Rotation(Z[second], -Z[first]);
        Z[second] = rotation.R;
        Z[first] = 0;
        Rotate(V + first * Stride, V + second * Stride, rotation.C, rotation.S);
        if (U != null) Rotate(U + first * Stride, U + second * Stride, rotation.C, rotation.S);
        _halves[first] = _halves[second] = (byte)(_halves[first] | _halves[second]);
    }

    private readonly void Rotate(T* x, T* y, double cosine, double sine) => Rotate(x, y, FirstColumns + SecondColumns, cosine, sine);

    /// <summary>x = c x + s y, y = c y - s x.</summary>
    public static void Rotate(T* x, T* y, int length, double cosine, double sine)
    {
        var (c, s) = (T.CreateTruncating(cosine), T.CreateTruncating(sine));
        for (nint i = 0; i < length; i++) (x[i], y[i]) = (T.FusedMultiplyAdd(c, x[i], s * y[i]), T.FusedMultiplyAdd(c, y[i], -(s * x[i])));
    }

    /// <summary>Row k of right: z_j / (p_j - root_k), of left: -1 for the fixed item and d_j times that for the others, each of norm 1.</summary>
    private readonly void Vectors(int count, double* d, double* z, double* differences, T* left, T* right)
    {
        for (var k = 0; k < count; k++)
        {
            var row = differences + (nint)k * count;
            double ofRight = 0, ofLeft = 1;
            for (var j = 0; j < count; j++)
            {
                var value = z[j] / row[j];
                row[j] = value;
                ofRight += value * value;
                ofLeft += d[j] * value * (d[j] * value);
            }

            ofRight = 1 / double.Sqrt(ofRight);
            ofLeft = 1 / double.Sqrt(ofLeft);
            for (var j = 0; j < count; j++) right[(nint)k * count + j] = T.CreateTruncating(row[j] * ofRight);
            if (left == null) continue;
            for (var j = 0; j < count; j++) left[(nint)k * count + j] = T.CreateTruncating(d[j] * row[j] * ofLeft);
            left[(nint)k * count] = T.CreateTruncating(-ofLeft);
        }
    }

    /// <summary>The kept rows of the vectors, multiplied; each half's columns come from the items that reach into it.</summary>
    private readonly void Multiply(T* coefficients, T* vectors, T* product, ThreadTeam team)
    {
        var scratch = FactorScratch.OfThread;
        using var scope = scratch.Open();
        var columns = FirstColumns + SecondColumns;
        var places = scratch.Take<int>(_count);
        var rows = scratch.Take<int>(_count);
        for (var half = 1; half <= 2; half++)
        {
            var inner = 0;
            for (var j = 0; j < _count; j++)
            {
                if ((_halves[_kept[j]] & half) == 0) continue;
                places[inner] = j;
                rows[inner++] = checked((int)(_kept[j] * Stride));
            }

            var column = half == 1 ? 0 : FirstColumns;
            var a = DenseProduct.RowMajor(coefficients, _count);
            var b = DenseProduct.RowMajor(vectors + column, Stride);
            a.ColumnTable = places;
            b.RowTable = rows;
            DenseProduct.Run(_count, half == 1 ? FirstColumns : SecondColumns, inner, a, b, DenseProduct.RowMajor(product + column, columns), Accumulation.Overwrite, team);
        }

        for (var j = 0; j < _count; j++) Unsafe.CopyBlockUnaligned(vectors + _kept[j] * Stride, product + (nint)j * columns, (uint)(columns * sizeof(T)));
    }
}
