using System.Numerics;
using HTensor.Kernels;
using MathNet.Numerics.LinearAlgebra.Double;
using Xunit;

namespace HTensor.Tests.Kernels;

public sealed class SymmetricEigenTests
{
    [Fact]
    public void Every_small_size_is_decomposed_and_rebuilt()
    {
        for (var n = 0; n <= 80; n++)
        {
            var layout = (GemmTests.Layout)(n % 4);
            Check(Symmetric<double>(n, layout));
            Check(Symmetric<float>(n, layout));
        }
    }

    [Fact]
    public void Values_are_those_of_another_library()
    {
        foreach (var n in new[] { 10, 65, 130 })
        {
            var a = Symmetric<double>(n, GemmTests.Layout.Gathered);
            var expected = DenseMatrix.OfArray(a.A).Evd().EigenValues.Select(value => value.Real).OrderDescending().ToArray();
            var values = Check(a);
            for (var i = 0; i < n; i++) Assert.InRange(values[i] - expected[i], -1e-12 * n, 1e-12 * n);
        }
    }

    [Theory]
    [InlineData(1e300)]
    [InlineData(1e-300)]
    public void Huge_and_tiny_entries_are_scaled(double scale)
    {
        Check(Symmetric<double>(37, GemmTests.Layout.RowMajor, scale));
        Check(Symmetric<float>(37, GemmTests.Layout.RowMajor, scale > 1 ? 1e35 : 1e-35));
    }

    [Fact]
    public void Degenerate_matrices_have_orthonormal_vectors_all_the_same()
    {
        foreach (var n in new[] { 2, 30, 90 })
        {
            Check(new FactorCase<double>(n, n, (_, _) => 0));
            Check(new FactorCase<double>(n, n, (_, _) => 1));
            Check(new FactorCase<double>(n, n, (i, j) => i == j ? 1 : 0));
            Check(new FactorCase<double>(n, n, (i, j) => Math.Abs(i - j) == 1 ? 1 : 0));
            Check(new FactorCase<double>(n, n, (i, j) => i == j ? i % 2 == 0 ? 1 : -1 : 0));
            Check(new FactorCase<double>(n, n, (i, j) => i + j + 2.0));
            Check(new FactorCase<double>(n, n, (i, j) => 1.0 / (i + j + 1)));
            Check(new FactorCase<double>(n, n, (i, j) => i + j == n - 1 ? -1e-200 : 0));
            Check(new FactorCase<double>(n, n, (i, j) => Math.Pow(10, -i - j)));
            Check(new FactorCase<double>(n, n, (i, j) => Math.Pow(10, i + j - 2 * n)));
            Check(new FactorCase<double>(n, n, (i, j) => i == j ? Math.Abs(i - n / 2) : Math.Abs(i - j) == 1 ? 1 : 0));
        }
    }

    [Fact]
    public void The_lower_triangle_alone_is_read()
    {
        var whole = Symmetric<double>(20, GemmTests.Layout.RowMajor);
        var lower = new FactorCase<double>(20, 20, (i, j) => j > i ? 1e9 : whole.A[i, j]);
        Assert.Equal(Decomposed(whole, ThreadTeam.Inline), Decomposed(lower, ThreadTeam.Inline));
    }

    [Fact]
    public void Bits_are_the_same_on_any_number_of_threads()
    {
        var a = Symmetric<double>(150, GemmTests.Layout.RowMajor);
        var expected = Decomposed(a, ThreadTeam.Inline);
        foreach (var size in new[] { 2, 4, 7 })
        {
            using var team = new ThreadTeam(size);
            Assert.Equal(expected, Decomposed(a, team));
        }
    }

    [Fact]
    public void An_entry_that_is_not_finite_is_a_status()
    {
        foreach (var bad in new[] { double.NaN, double.PositiveInfinity, double.NegativeInfinity })
        {
            var a = new FactorCase<double>(9, 9, (i, j) => i == 7 && j == 2 ? bad : i + j);
            Assert.Equal(FactorizationStatus.NonFinite, SymmetricEigen.Factor(9, a.View, new double[9], new double[81], ThreadTeam.Inline));
        }
    }

    private static FactorCase<T> Symmetric<T>(int n, GemmTests.Layout layout, double scale = 1)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var values = new double[n * n];
        new Philox((ulong)n).FillNormal(values, 1.0);
        return new(n, n, (i, j) => scale * (values[i * n + j] + values[j * n + i]), layout);
    }

    private static double[] Decomposed(FactorCase<double> a, ThreadTeam team)
    {
        var (values, vectors) = (new double[a.K], new double[a.K * a.K]);
        SymmetricEigen.Factor(a.K, a.View, values, vectors, team);
        return [.. values, .. vectors];
    }

    private static double[] Check<T>(FactorCase<T> a)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var n = a.K;
        var (values, vectors, alone) = (FactorCase<T>.NaNs(n), FactorCase<T>.NaNs(n * n), FactorCase<T>.NaNs(n));
        Assert.Equal(FactorizationStatus.Converged, SymmetricEigen.Factor(n, a.View, values, vectors, ThreadTeam.Inline));
        Assert.Equal(FactorizationStatus.Converged, SymmetricEigen.Factor(n, a.View, alone, [], ThreadTeam.Inline));
        for (var i = 0; i < n; i++) Assert.InRange(double.CreateTruncating(values[i] - alone[i]), -20 * n * FactorCase<T>.Epsilon * a.Norm(), 20 * n * FactorCase<T>.Epsilon * a.Norm());
        FactorCase<T>.Orthonormal(vectors, n, n, "vectors");
        var transposed = new T[n * n];
        for (var i = 0; i < n; i++)
        {
            for (var j = 0; j < n; j++) transposed[j * n + i] = vectors[i * n + j];
        }

        a.Rebuilds(vectors, values, transposed, n);
        for (var p = 0; p < n; p++)
        {
            Assert.True(p == 0 || values[p] <= values[p - 1], $"value {p} of {n}");
            var largest = T.Zero;
            for (var i = 0; i < n; i++) largest = T.Abs(vectors[i * n + p]) > T.Abs(largest) ? vectors[i * n + p] : largest;
            Assert.True(largest > T.Zero);
        }

        return [.. values.Select(value => double.CreateTruncating(value))];
    }
}
