using System.Numerics;
using HTensor.Kernels;
using Xunit;

namespace HTensor.Tests.Kernels;

public sealed class CholeskyQrTests
{
    [Fact]
    public void Columns_well_apart_are_factored_in_every_layout()
    {
        foreach (var layout in Enum.GetValues<GemmTests.Layout>())
        {
            foreach (var (rows, columns) in new[] { (4, 1), (9, 2), (60, 7), (256, 32), (1024, 32), (700, 65) })
            {
                Check(FactorCase<double>.Normal(rows, columns, layout), 1e-10);
                Check(FactorCase<float>.Normal(rows, columns, layout), 0.1);
            }
        }
    }

    [Theory]
    [InlineData(1e60)]
    [InlineData(1e-60)]
    public void The_size_of_columns_does_not_count(double size) =>
        Check(new FactorCase<double>(200, 12, (i, j) => (j % 2 == 0 ? 1 : size) * (Math.Sin(31 * i * (j + 1)) + (i == j ? 3 : 0))), 1e-12);

    [Fact]
    public void The_loss_grows_as_columns_approach_and_is_never_understated()
    {
        var last = 0.0;
        foreach (var apart in new[] { 1, 1e-1, 1e-2, 1e-3, 1e-4, 1e-5 })
        {
            var values = FactorCase<double>.Normal(300, 10).A;
            var loss = Check(new FactorCase<double>(300, 10, (i, j) => values[i, 0] + (j == 0 ? 0 : apart * values[i, j])), 1);
            Assert.True(loss > last, $"{apart}: expected more than {last}, found {loss}");
            last = loss;
        }
    }

    [Fact]
    public void What_it_cannot_do_it_leaves()
    {
        AssertLeft(new FactorCase<double>(50, 4, (i, j) => j == 2 ? 0 : i + j * j), 1);
        AssertLeft(new FactorCase<double>(50, 4, (i, j) => i), 1);
        AssertLeft(new FactorCase<double>(50, 4, (i, j) => i == 7 && j == 1 ? double.NaN : Math.Sin(i * 5 + j * j)), 1);
        AssertLeft(new FactorCase<double>(50, 4, (i, j) => i == 7 && j == 1 ? double.PositiveInfinity : Math.Sin(i * 5 + j * j)), 1);
        AssertLeft(FactorCase<double>.Normal(50, 4, scale: 1e200), 1);
        AssertLeft(FactorCase<double>.Normal(50, 4, scale: 1e-200), 1);
        AssertLeft(FactorCase<double>.Normal(3, 4), 1);
        AssertLeft(FactorCase<double>.Normal(50, 4), 1e-16);
    }

    [Fact]
    public void Bad_arguments_are_named()
    {
        var a = new double[12];
        Assert.Contains("length of r: expected 2 x 2", Assert.Throws<ArgumentException>(() => CholeskyQr.Factor(6, 2, new MatrixOperand<double>(a, 2, 1), new double[3], new double[4], 1)).Message, StringComparison.Ordinal);
        var both = new double[6];
        Assert.Contains("apart", Assert.Throws<ArgumentException>(() => CholeskyQr.Factor(6, 2, new MatrixOperand<double>(a, 2, 1), both.AsSpan(0, 4), both.AsSpan(2, 4), 1)).Message, StringComparison.Ordinal);
    }

    private static void AssertLeft(FactorCase<double> matrix, double most) =>
        Assert.Equal(double.PositiveInfinity, CholeskyQr.Factor(matrix.Rows, matrix.Columns, matrix.View, new double[matrix.Columns * matrix.Columns], new double[matrix.Columns * matrix.Columns], most));

    /// <summary>A = (A R^-1) R, R^-1 the inverse of an upper triangle with a positive diagonal, and A R^-1 as near to orthonormal as is said.</summary>
    private static double Check<T>(FactorCase<T> matrix, double most)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        int rows = matrix.Rows, n = matrix.Columns;
        T[] r = FactorCase<T>.NaNs(n * n), inverse = FactorCase<T>.NaNs(n * n);
        var loss = CholeskyQr.Factor(rows, n, matrix.View, r, inverse, most);
        Assert.True(loss <= most, $"[{rows}, {n}]: expected a loss of at most {most}, found {loss}");
        double At(T[] x, int i, int j) => double.CreateTruncating(x[i * n + j]);
        var q = new double[rows, n];
        for (var j = 0; j < n; j++)
        {
            Assert.True(r[j * n + j] > T.Zero);
            for (var i = 0; i < n; i++)
            {
                if (i > j) Assert.True(r[i * n + j] == T.Zero && inverse[i * n + j] == T.Zero);
                double sum = i == j ? -1 : 0, size = 0;
                for (var p = i; p <= j; p++) (sum, size) = (sum + At(r, i, p) * At(inverse, p, j), size + Math.Abs(At(r, i, p) * At(inverse, p, j)));
                Assert.True(Math.Abs(sum) <= 10 * n * FactorCase<T>.Epsilon * size);
            }

            for (var i = 0; i < rows; i++)
            {
                for (var p = 0; p <= j; p++) q[i, j] += matrix.A[i, p] * At(inverse, p, j);
            }
        }

        var squared = 0.0;
        for (var a = 0; a < n; a++)
        {
            for (var b = 0; b < n; b++)
            {
                double sum = a == b ? -1 : 0;
                for (var i = 0; i < rows; i++) sum += q[i, a] * q[i, b];
                squared += sum * sum;
            }
        }

        Assert.True(Math.Sqrt(squared) <= loss, $"[{rows}, {n}]: expected at most {loss}, found {Math.Sqrt(squared)}");
        return loss;
    }
}
