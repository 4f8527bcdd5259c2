using System.Numerics;
using HTensor.Kernels;
using Xunit;

namespace HTensor.Tests.Kernels;

public sealed class QrTests
{
    private static readonly (int Rows, int Columns)[] Larger = [(100, 70), (70, 100), (200, 33), (65, 64), (64, 65), (1500, 20), (20, 1500), (130, 129), (3000, 5), (5, 9001), (8300, 16), (24, 5800), (1, 20_000), (2, 2100), (2100, 2)];

    [Fact]
    public void Every_small_shape_is_factored_and_rebuilt()
    {
        for (var rows = 0; rows <= 40; rows++)
        {
            for (var columns = 0; columns <= 40; columns++)
            {
                var layout = (GemmTests.Layout)((rows + columns) % 4);
                CheckQr(FactorCase<double>.Normal(rows, columns, layout));
                CheckLq(FactorCase<double>.Normal(rows, columns, layout));
                if ((rows + columns) % 3 == 0) CheckQr(FactorCase<float>.Normal(rows, columns, layout));
            }
        }
    }

    [Fact]
    public void Larger_shapes_too_and_every_layout()
    {
        foreach (var (rows, columns) in Larger)
        {
            foreach (var layout in Enum.GetValues<GemmTests.Layout>())
            {
                CheckQr(FactorCase<double>.Normal(rows, columns, layout));
                CheckLq(FactorCase<float>.Normal(rows, columns, layout));
            }
        }
    }

    [Theory]
    [InlineData(1e300)]
    [InlineData(1e-300)]
    [InlineData(3e-310)]
    public void Huge_and_tiny_entries_are_scaled(double scale)
    {
        foreach (var (rows, columns) in new[] { (40, 30), (30, 40), (2000, 10), (10, 3000) })
        {
            CheckQr(FactorCase<double>.Normal(rows, columns, scale: scale), scale < 1e-305 ? 1e6 : 1);
            CheckLq(FactorCase<double>.Normal(rows, columns, scale: scale), scale < 1e-305 ? 1e6 : 1);
        }
    }

    [Theory]
    [InlineData(1e36)]
    [InlineData(1e-36)]
    public void Huge_and_tiny_floats_are_scaled(double scale)
    {
        CheckQr(FactorCase<float>.Normal(40, 30, scale: scale));
        CheckLq(FactorCase<float>.Normal(10, 3000, scale: scale));
    }

    [Fact]
    public void Deficient_matrices_have_orthonormal_factors_all_the_same()
    {
        foreach (var (rows, columns) in new[] { (50, 40), (40, 50), (9000, 12), (12, 9000) })
        {
            CheckQr(new FactorCase<double>(rows, columns, (_, _) => 0));
            CheckQr(new FactorCase<double>(rows, columns, (i, j) => j % 3 == 1 ? 0 : Math.Sin(i * 7 + j)));
            CheckQr(new FactorCase<double>(rows, columns, (i, j) => (i + 1.0) * (j % 5)));
            CheckLq(new FactorCase<double>(rows, columns, (i, j) => 1.0 / (i + j + 1)));
            CheckLq(new FactorCase<double>(rows, columns, (i, j) => i == j ? 1 : 0));
        }
    }

    [Fact]
    public void Slabs_of_different_magnitude_meet_in_one_triangle()
    {
        const int Rows = 6;
        var values = new double[Rows * 20_000];
        new Philox(3).FillNormal(values, 1.0);
        foreach (var (early, late) in new[] { (1e-290, 1e290), (1e290, 1e-290), (1.0, 1e305), (1e-305, 1.0), (0.0, 1e-305) })
            CheckLq(new FactorCase<double>(Rows, 20_000, (i, j) => (j < 10_000 ? early : late) * values[i * 20_000 + j]));
    }

    [Fact]
    public void The_accumulator_takes_slabs_of_any_size()
    {
        const int Rows = 7;
        var whole = FactorCase<double>.Normal(Rows, 6000);
        var expected = new double[Rows * Rows];
        Lq.Factor(Rows, 6000, whole.View, expected, [], ThreadTeam.Inline);
        foreach (var size in new[] { 1, 3, 100, 4095, 6000 })
        {
            var accumulator = new LqAccumulator<double>(Rows);
            for (var at = 0; at < 6000; at += size)
                accumulator.Add(int.Min(size, 6000 - at), new MatrixOperand<double>(whole.Data.AsSpan(at), 6001, 1), ThreadTeam.Inline);
            Assert.Equal(6000, accumulator.Columns);
            var l = FactorCase<double>.NaNs(Rows * Rows);
            accumulator.Triangle(l);
            for (var i = 0; i < l.Length; i++) Assert.Equal(expected[i], l[i], 1e-11);
        }
    }

    [Fact]
    public void The_accumulator_is_a_trapezoid_until_there_are_as_many_columns_as_rows()
    {
        var accumulator = new LqAccumulator<float>(5);
        Assert.Equal(0, accumulator.Width);
        accumulator.Triangle([]);
        accumulator.Add(2, new MatrixOperand<float>([3, 0, 0, 0, 0, 5, 4, 0, 0, 0], 2, 1), ThreadTeam.Inline);
        Assert.Equal(2, accumulator.Width);
        var l = new float[10];
        accumulator.Triangle(l);
        Assert.Equal([3, 0, 0, 0, 0, 5, 4, 0, 0, 0], l);
        accumulator.Clear();
        Assert.Equal(0, accumulator.Columns);
        Assert.Contains("expected 5 x 0 = 0, found 3", Assert.Throws<ArgumentException>(() => accumulator.Triangle(new float[3])).Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentOutOfRangeException>(() => new LqAccumulator<float>(0));
    }

    [Fact]
    public void Bits_are_the_same_on_any_number_of_threads()
    {
        foreach (var (rows, columns) in new[] { (300, 290), (5000, 40), (40, 20_000) })
        {
            var a = FactorCase<double>.Normal(rows, columns);
            var expected = Factored(a, ThreadTeam.Inline);
            foreach (var size in new[] { 2, 4, 7 })
            {
                using var team = new ThreadTeam(size);
                Assert.Equal(expected, Factored(a, team));
            }
        }

        static double[] Factored(FactorCase<double> a, ThreadTeam team)
        {
            var (q, r, l, alone) = (new double[a.Rows * a.K], new double[a.K * a.Columns], new double[a.Rows * a.K], new double[a.Rows * a.K]);
            Qr.Factor(a.Rows, a.Columns, a.View, q, r, team);
            Lq.Factor(a.Rows, a.Columns, a.View, l, new double[a.K * a.Columns], team);
            Lq.Factor(a.Rows, a.Columns, a.View, alone, [], team);
            return [.. q, .. r, .. l, .. alone];
        }
    }

    [Fact]
    public void NaN_propagates()
    {
        var r = new double[9];
        Qr.Factor(3, 3, new MatrixOperand<double>([1, 2, 3, 4, double.NaN, 6, 7, 8, 9], 3, 1), [], r, ThreadTeam.Inline);
        Assert.Contains(r, double.IsNaN);
    }

    [Fact]
    public void What_does_not_fit_is_refused_and_named()
    {
        var a = new double[12];
        string Message(Action action) => Assert.ThrowsAny<ArgumentException>(action).Message;
        Assert.Contains("length of r: expected 3 x 3 = 9, found 8", Message(() => Qr.Factor(4, 3, new MatrixOperand<double>(a, 3, 1), [], new double[8], ThreadTeam.Inline)), StringComparison.Ordinal);
        Assert.Contains("length of q: expected 4 x 3 = 12, found 9", Message(() => Qr.Factor(4, 3, new MatrixOperand<double>(a, 3, 1), new double[9], new double[9], ThreadTeam.Inline)), StringComparison.Ordinal);
        Assert.Contains("length of l: expected 3 x 3 = 9", Message(() => Lq.Factor(3, 4, new MatrixOperand<double>(a, 4, 1), new double[8], [], ThreadTeam.Inline)), StringComparison.Ordinal);
        Assert.Contains("a [5, 3]: expected offsets within its 12 elements", Message(() => Qr.Factor(5, 3, new MatrixOperand<double>(a, 3, 1), [], new double[9], ThreadTeam.Inline)), StringComparison.Ordinal);
        Assert.Contains("overlap", Message(() => Qr.Factor(4, 3, new MatrixOperand<double>(a, 3, 1), [], a.AsSpan(0, 9), ThreadTeam.Inline)), StringComparison.Ordinal);
        Assert.Contains("length of q: expected 1 x 24 = 24, found 9", Message(() => QrReflectors.Factor(4, 3, new MatrixOperand<double>(a, 3, 1), new double[9], new double[9], ThreadTeam.Inline)), StringComparison.Ordinal);
        Assert.Contains("length of result: expected 4 x 2 = 8, found 7", Message(() => QrReflectors.Multiply<double>(4, 3, new double[24], 2, new double[6], new double[7], ThreadTeam.Inline)), StringComparison.Ordinal);
        Assert.Throws<ArgumentOutOfRangeException>(() => Qr.Factor(-1, 3, new MatrixOperand<double>(a, 3, 1), [], [], ThreadTeam.Inline));
        Assert.Throws<NotSupportedException>(() => Qr.Factor<Half>(1, 1, new MatrixOperand<Half>(new Half[1], 1, 1), [], new Half[1], ThreadTeam.Inline));
    }

    private static void CheckQr<T>(FactorCase<T> a, double factor = 1)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var (q, r, alone) = (FactorCase<T>.NaNs(a.Rows * a.K), FactorCase<T>.NaNs(a.K * a.Columns), FactorCase<T>.NaNs(a.K * a.Columns));
        Qr.Factor(a.Rows, a.Columns, a.View, q, r, ThreadTeam.Inline);
        a.Rebuilds(q, [], r, a.K, 20 * factor);
        FactorCase<T>.Orthonormal(q, a.Rows, a.K, "q");
        Qr.Factor(a.Rows, a.Columns, a.View, [], alone, ThreadTeam.Inline);
        var tolerance = 50 * factor * FactorCase<T>.Epsilon * a.Norm() * (1 + Math.Sqrt(a.Rows)) * (1 + a.K);
        for (var i = 0; i < a.K; i++)
        {
            for (var j = 0; j < a.Columns; j++)
            {
                Assert.True(j >= i || (r[i * a.Columns + j] == T.Zero && alone[i * a.Columns + j] == T.Zero));
                Assert.True(i != j || r[i * a.Columns + j] >= T.Zero);
            }
        }

        Gram(a, alone, tolerance);
        CheckReflectors(a, factor);
    }

    /// <summary>Q times the identity is orthonormal and rebuilds; Q C is what Q's columns give.</summary>
    private static void CheckReflectors<T>(FactorCase<T> a, double factor)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var (reflectors, r, q) = (FactorCase<T>.NaNs(QrReflectors.Length(a.Rows, a.Columns)), FactorCase<T>.NaNs(a.K * a.Columns), FactorCase<T>.NaNs(a.Rows * a.K));
        QrReflectors.Factor(a.Rows, a.Columns, a.View, reflectors, r, ThreadTeam.Inline);
        var identity = new T[a.K * a.K];
        for (var i = 0; i < a.K; i++) identity[i * a.K + i] = T.One;
        QrReflectors.Multiply(a.Rows, a.Columns, reflectors, a.K, identity, q, ThreadTeam.Inline);
        a.Rebuilds(q, [], r, a.K, 20 * factor);
        FactorCase<T>.Orthonormal(q, a.Rows, a.K, "q of reflectors");
        if (a.K == 0) return;
        var last = new T[a.K];
        last[^1] = T.One;
        var column = FactorCase<T>.NaNs(a.Rows);
        QrReflectors.Multiply(a.Rows, a.Columns, reflectors, 1, last, column, ThreadTeam.Inline);
        for (var i = 0; i < a.Rows; i++) Assert.Equal(double.CreateTruncating(q[i * a.K + a.K - 1]), double.CreateTruncating(column[i]), 100 * FactorCase<T>.Epsilon * (1 + a.K));
    }

    // Where even the reciprocal of the norm overflows, nothing is said.
    /// <summary>R^T R = A^T A, whatever the rank: R alone may come another way than with Q.</summary>
    private static void Gram<T>(FactorCase<T> a, T[] r, double tolerance)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var scale = a.Norm() == 0 ? 1 : 1 / a.Norm();
        if (double.IsInfinity(scale)) return;
        for (var i = 0; i < int.Min(a.Columns, 24); i++)
        {
            for (var j = 0; j <= i; j++)
            {
                double sum = 0;
                for (var p = 0; p < a.Rows; p++) sum -= a.A[p, i] * scale * (a.A[p, j] * scale);
                for (var p = 0; p < a.K; p++) sum += double.CreateTruncating(r[p * a.Columns + i]) * scale * (double.CreateTruncating(r[p * a.Columns + j]) * scale);
                if (!(Math.Abs(sum) <= Math.Max(1, a.Rows) * tolerance * scale)) Assert.Fail($"R^T R of [{a.Rows}, {a.Columns}] at ({i}, {j}): differs by {sum:E2}");
            }
        }
    }

    private static void CheckLq<T>(FactorCase<T> a, double factor = 1)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var (l, q, alone) = (FactorCase<T>.NaNs(a.Rows * a.K), FactorCase<T>.NaNs(a.K * a.Columns), FactorCase<T>.NaNs(a.Rows * a.K));
        Lq.Factor(a.Rows, a.Columns, a.View, l, q, ThreadTeam.Inline);
        a.Rebuilds(l, [], q, a.K, 20 * factor);
        FactorCase<T>.Orthonormal(q, a.K, a.Columns, "q");
        Lq.Factor(a.Rows, a.Columns, a.View, alone, [], ThreadTeam.Inline);
        for (var i = 0; i < a.Rows; i++)
        {
            for (var j = 0; j < a.K; j++)
            {
                Assert.True(j <= i || (l[i * a.K + j] == T.Zero && alone[i * a.K + j] == T.Zero));
                Assert.True(i != j || (l[i * a.K + j] >= T.Zero && alone[i * a.K + j] >= T.Zero));
            }
        }

        // L L^T = A A^T, through the transpose.
        var transposed = new FactorCase<T>(a.Columns, a.Rows, (i, j) => a.A[j, i]);
        var r = new T[a.K * a.Rows];
        for (var i = 0; i < a.Rows; i++)
        {
            for (var j = 0; j < a.K; j++) r[j * a.Rows + i] = alone[i * a.K + j];
        }

        Gram(transposed, r, 50 * factor * FactorCase<T>.Epsilon * a.Norm() * (1 + Math.Sqrt(a.Columns)) * (1 + a.K));
    }
}
