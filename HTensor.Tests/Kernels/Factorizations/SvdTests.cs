using System.Numerics;
using HTensor.Kernels;
using MathNet.Numerics.LinearAlgebra.Double;
using Xunit;

namespace HTensor.Tests.Kernels;

public sealed class SvdTests
{
    private static readonly (int Rows, int Columns)[] Larger = [(100, 70), (70, 100), (130, 129), (64, 64), (65, 65), (1500, 20), (20, 1500), (5, 9001), (150, 150), (8300, 16), (24, 5800)];

    [Fact]
    public void Every_small_shape_is_decomposed_and_rebuilt()
    {
        for (var rows = 0; rows <= 40; rows++)
        {
            for (var columns = 0; columns <= 40; columns++)
            {
                var layout = (GemmTests.Layout)((rows + columns) % 4);
                Check(FactorCase<double>.Normal(rows, columns, layout));
                if ((rows + columns) % 3 == 0) Check(FactorCase<float>.Normal(rows, columns, layout));
            }
        }
    }

    [Fact]
    public void Values_are_those_of_another_library()
    {
        foreach (var (rows, columns) in Larger)
        {
            var a = FactorCase<double>.Normal(rows, columns, GemmTests.Layout.Gathered);
            var values = Check(a);
            var expected = DenseMatrix.OfArray(a.A).Svd(false).S;
            for (var i = 0; i < a.K; i++) Assert.InRange(values[i] - expected[i], -1e-12 * expected[0], 1e-12 * expected[0]);
            Check(FactorCase<float>.Normal(rows, columns));
        }
    }

    [Theory]
    [InlineData(1e300)]
    [InlineData(1e-300)]
    public void Huge_and_tiny_entries_are_scaled(double scale)
    {
        foreach (var (rows, columns) in new[] { (40, 40), (60, 13), (13, 3000), (16, 8300) }) Check(FactorCase<double>.Normal(rows, columns, scale: scale));
        foreach (var (rows, columns) in new[] { (40, 40), (60, 13), (13, 3000) }) Check(FactorCase<float>.Normal(rows, columns, scale: scale > 1 ? 1e35 : 1e-35));
    }

    [Fact]
    public void Given_values_come_out()
    {
        var graded = Enumerable.Range(0, 60).Select(i => PowerOfTen(-15.0 * i / 59)).ToArray();
        var clusters = Enumerable.Range(0, 60).Select(i => i < 20 ? 1 : i < 50 ? 0.5 + 1e-14 * i : 1e-9).ToArray();
        var deficient = Enumerable.Range(0, 60).Select(i => i < 7 ? 1.0 / (i + 1) : 0).ToArray();
        foreach (var values in new[] { graded, clusters, deficient, [.. Enumerable.Repeat(1.0, 60)], [.. Enumerable.Repeat(0.0, 60)] })
        {
            foreach (var (rows, columns) in new[] { (60, 60), (75, 60), (60, 300) })
            {
                var a = OfValues(rows, columns, values);
                var found = Check(a);
                var expected = values.OrderDescending().ToArray();
                for (var i = 0; i < 60; i++) Assert.InRange(found[i] - expected[i], -1e-13, 1e-13);
            }
        }
    }

    [Fact]
    public void Degenerate_matrices_have_orthonormal_vectors_all_the_same()
    {
        foreach (var (rows, columns) in new[] { (30, 30), (50, 20), (20, 700), (90, 90), (137, 140) })
        {
            Check(new FactorCase<double>(rows, columns, (_, _) => 0));
            Check(new FactorCase<double>(rows, columns, (_, _) => 1));
            Check(new FactorCase<double>(rows, columns, (i, j) => i == j ? 1 : 0));
            Check(new FactorCase<double>(rows, columns, (i, j) => i == j ? 1 : i + 1 == j ? 1 : 0));
            Check(new FactorCase<double>(rows, columns, (i, j) => j % 3 == 1 ? 0 : Math.Sin(i * 7 + j)));
            Check(new FactorCase<double>(rows, columns, (i, j) => i + j + 2.0));
            Check(new FactorCase<double>(rows, columns, (i, j) => 1.0 / (i + j + 1)));
            Check(new FactorCase<double>(rows, columns, (i, j) => i == 3 && j == 4 ? -1e-200 : 0));
            Check(new FactorCase<double>(rows, columns, (i, j) => PowerOfTen(-i) * Math.Cos(i * j + 1)));
            Check(new FactorCase<double>(rows, columns, (i, j) => PowerOfTen(-10 * (i % 30)) * (i > j ? 0 : 1)));
            Check(new FactorCase<float>(rows, columns, (i, j) => 1.0 / (i + j + 1)));
        }
    }

    [Fact]
    public void What_is_not_asked_for_changes_nothing_else()
    {
        foreach (var (rows, columns) in new[] { (33, 33), (60, 20), (20, 60), (2000, 12), (12, 2000), (16, 8300), (8300, 16) })
        {
            var a = FactorCase<double>.Normal(rows, columns);
            var (u, values, vt) = (new double[rows * a.K], new double[a.K], new double[a.K * columns]);
            Svd.Factor(rows, columns, a.View, u, values, vt, ThreadTeam.Inline);
            var (leftAlone, rightAlone, only) = (new double[u.Length], new double[vt.Length], new double[a.K]);
            Svd.Factor(rows, columns, a.View, leftAlone, only, [], ThreadTeam.Inline);
            for (var i = 0; i < a.K; i++) Assert.Equal(values[i], only[i], 1e-11);
            Svd.Factor(rows, columns, a.View, [], only, rightAlone, ThreadTeam.Inline);
            for (var i = 0; i < a.K; i++) Assert.Equal(values[i], only[i], 1e-11);
            Svd.Factor(rows, columns, a.View, [], only, [], ThreadTeam.Inline);
            for (var i = 0; i < a.K; i++) Assert.Equal(values[i], only[i], 1e-11);
            for (var p = 0; p < a.K; p++)
            {
                double left = 0, right = 0;
                for (var i = 0; i < rows; i++) left += u[i * a.K + p] * leftAlone[i * a.K + p];
                for (var j = 0; j < columns; j++) right += vt[p * columns + j] * rightAlone[p * columns + j];
                Assert.Equal(1, Math.Abs(left), 1e-9);
                Assert.Equal(1, Math.Abs(right), 1e-9);
            }
        }
    }

    [Fact]
    public void Bits_are_the_same_on_any_number_of_threads()
    {
        foreach (var (rows, columns) in new[] { (150, 150), (3000, 30), (30, 20_000) })
        {
            var a = FactorCase<double>.Normal(rows, columns);
            var expected = Decomposed(a, ThreadTeam.Inline);
            foreach (var size in new[] { 2, 4, 7 })
            {
                using var team = new ThreadTeam(size);
                Assert.Equal(expected, Decomposed(a, team));
            }
        }

        static double[] Decomposed(FactorCase<double> a, ThreadTeam team)
        {
            var (u, values, vt) = (new double[a.Rows * a.K], new double[a.K], new double[a.K * a.Columns]);
            Svd.Factor(a.Rows, a.Columns, a.View, u, values, vt, team);
            return [.. u, .. values, .. vt];
        }
    }

    [Theory]
    [InlineData(double.NaN)]
    [InlineData(double.PositiveInfinity)]
    [InlineData(double.NegativeInfinity)]
    public void An_entry_that_is_not_finite_is_a_status(double bad)
    {
        foreach (var (rows, columns) in new[] { (1, 1), (20, 20), (70, 9), (9, 70), (5000, 10), (10, 5000) })
        {
            var a = new FactorCase<double>(rows, columns, (i, j) => i == rows / 2 && j == columns - 1 ? bad : i + j);
            var (u, values, vt) = (FactorCase<double>.NaNs(rows * a.K), FactorCase<double>.NaNs(a.K), FactorCase<double>.NaNs(a.K * columns));
            Assert.Equal(FactorizationStatus.NonFinite, Svd.Factor(rows, columns, a.View, u, values, vt, ThreadTeam.Inline));
            Assert.Equal(FactorizationStatus.NonFinite, Svd.Factor(rows, columns, a.View, [], values, [], ThreadTeam.Inline));
            Assert.All(values, value => Assert.True(double.IsNaN(value)));
        }
    }

    [Fact]
    public void What_does_not_fit_is_refused_and_named()
    {
        var a = new double[12];
        string Message(Action action) => Assert.ThrowsAny<ArgumentException>(action).Message;
        Assert.Contains("length of values: expected 3 x 1 = 3, found 4", Message(() => Svd.Factor(4, 3, new MatrixOperand<double>(a, 3, 1), [], new double[4], [], ThreadTeam.Inline)), StringComparison.Ordinal);
        Assert.Contains("length of u: expected 4 x 3 = 12, found 16", Message(() => Svd.Factor(4, 3, new MatrixOperand<double>(a, 3, 1), new double[16], new double[3], [], ThreadTeam.Inline)), StringComparison.Ordinal);
        Assert.Contains("length of vt: expected 3 x 3 = 9, found 3", Message(() => Svd.Factor(4, 3, new MatrixOperand<double>(a, 3, 1), [], new double[3], new double[3], ThreadTeam.Inline)), StringComparison.Ordinal);
        Assert.Contains("overlap", Message(() => Svd.Factor(4, 3, new MatrixOperand<double>(a, 3, 1), a, new double[3], [], ThreadTeam.Inline)), StringComparison.Ordinal);
    }

    [Fact]
    public void Nothing_is_allocated_once_buffers_are_there()
    {
        var (square, wide) = (FactorCase<double>.Normal(70, 70), FactorCase<double>.Normal(20, 3000));
        var (u, values, vt) = (new double[4900], new double[70], new double[60_000]);
        void Once()
        {
            Svd.Factor(70, 70, square.View, u, values, vt.AsSpan(0, 4900), ThreadTeam.Inline);
            Svd.Factor(20, 3000, wide.View, u.AsSpan(0, 400), values.AsSpan(0, 20), vt, ThreadTeam.Inline);
            Lq.Factor(20, 3000, wide.View, u.AsSpan(0, 400), [], ThreadTeam.Inline);
            SymmetricEigen.Factor(70, square.View, values, u, ThreadTeam.Inline);
        }

        for (var i = 0; i < 40; i++) Once();
        Assert.Equal(0, Allocation.Of(() =>
        {
            for (var i = 0; i < 10; i++) Once();
        }));
    }

    /// <summary>All checks; the values.</summary>
    private static double[] Check<T>(FactorCase<T> a)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var (u, values, vt) = (FactorCase<T>.NaNs(a.Rows * a.K), FactorCase<T>.NaNs(a.K), FactorCase<T>.NaNs(a.K * a.Columns));
        Assert.Equal(FactorizationStatus.Converged, Svd.Factor(a.Rows, a.Columns, a.View, u, values, vt, ThreadTeam.Inline));
        FactorCase<T>.Orthonormal(u, a.Rows, a.K, "u");
        FactorCase<T>.Orthonormal(vt, a.K, a.Columns, "vt");
        a.Rebuilds(u, values, vt, a.K);
        for (var i = 0; i < a.K; i++) Assert.True(values[i] >= T.Zero && (i == 0 || values[i] <= values[i - 1]), $"value {i} of [{a.Rows}, {a.Columns}]");
        Signs(a, u, vt);
        return [.. values.Select(value => double.CreateTruncating(value))];
    }

    private static void Signs<T>(FactorCase<T> a, T[] u, T[] vt)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        for (var p = 0; p < a.K; p++)
        {
            var largest = T.Zero;
            for (var i = 0; i < int.Min(a.Rows, a.Columns); i++)
            {
                var value = a.Rows > a.Columns ? vt[p * a.Columns + i] : u[i * a.K + p];
                if (T.Abs(value) > T.Abs(largest)) largest = value;
            }

            Assert.True(largest > T.Zero);
        }
    }

    private static FactorCase<double> OfValues(int rows, int columns, double[] values)
    {
        var k = values.Length;
        var (left, right) = (new double[rows * k], new double[columns * k]);
        Qr.Factor(rows, k, FactorCase<double>.Normal(rows, k).View, left, new double[k * k], ThreadTeam.Inline);
        Qr.Factor(columns, k, FactorCase<double>.Normal(columns, k).View, right, new double[k * k], ThreadTeam.Inline);
        return new(rows, columns, (i, j) =>
        {
            double sum = 0;
            for (var p = 0; p < k; p++) sum += left[i * k + p] * values[p] * right[j * k + p];
            return sum;
        });
    }

    private static double PowerOfTen(double exponent) => Math.Pow(10, exponent);
}
