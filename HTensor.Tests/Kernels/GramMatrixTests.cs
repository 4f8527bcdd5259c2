using System.Numerics;
using HTensor.Kernels;
using Xunit;

namespace HTensor.Tests.Kernels;

public sealed class GramMatrixTests
{
    [Fact]
    public void Every_small_shape_and_layout()
    {
        foreach (var layout in Enum.GetValues<GemmTests.Layout>())
        {
            for (var n = 0; n <= 19; n++)
            {
                for (var k = 0; k <= 36; k += k < 20 ? 1 : 4)
                {
                    Check(FactorCase<double>.Normal(n, k, layout));
                    if ((n + k) % 2 == 0) Check(FactorCase<float>.Normal(n, k, layout));
                }
            }
        }
    }

    [Fact]
    public void Larger_shapes_too()
    {
        foreach (var (n, k) in new[] { (32, 1024), (33, 1000), (70, 301), (150, 40), (1, 5000), (3, 4097) })
        {
            foreach (var layout in Enum.GetValues<GemmTests.Layout>())
            {
                Check(FactorCase<double>.Normal(n, k, layout));
                Check(FactorCase<float>.Normal(n, k, layout));
            }
        }
    }

    [Fact]
    public void Nothing_is_allocated()
    {
        var (a, c) = (new double[32 * 300], new double[32 * 32]);
        var offsets = Enumerable.Range(0, 300).Select(i => 299 - i).ToArray();
        var rows = Enumerable.Range(0, 32).Select(i => i * 300).ToArray();
        void Work()
        {
            GramMatrix.Multiply(32, 300, new MatrixOperand<double>(a, 300, 1), c);
            GramMatrix.Multiply(32, 300, new MatrixOperand<double>(a, 1, 32), c);
            GramMatrix.Multiply(32, 300, new MatrixOperand<double>(a, rows, offsets), c);
        }

        Work();
        Assert.Equal(0, Allocation.Of(Work));
    }

    [Fact]
    public void Bad_arguments_are_named()
    {
        var a = new double[12];
        Assert.Contains("length of c: expected 3 x 3", Message(() => GramMatrix.Multiply(3, 4, new MatrixOperand<double>(a, 4, 1), new double[8])), StringComparison.Ordinal);
        Assert.Contains("overlap", Message(() => GramMatrix.Multiply(3, 1, new MatrixOperand<double>(a, 1, 1), a.AsSpan(2, 9))), StringComparison.Ordinal);
        Assert.Contains("its 12 elements", Message(() => GramMatrix.Multiply(3, 5, new MatrixOperand<double>(a, 5, 1), new double[9])), StringComparison.Ordinal);
        Assert.Throws<ArgumentOutOfRangeException>(() => GramMatrix.Multiply(-1, 4, new MatrixOperand<double>(a, 4, 1), []));

        static string Message(Action action) => Assert.Throws<ArgumentException>(action).Message;
    }

    private static void Check<T>(FactorCase<T> matrix)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var (n, k) = (matrix.Rows, matrix.Columns);
        var guarded = FactorCase<T>.NaNs(n * n + 2);
        GramMatrix.Multiply(n, k, matrix.View, guarded.AsSpan(1, n * n));
        Assert.True(T.IsNaN(guarded[0]) && T.IsNaN(guarded[^1]));
        var c = guarded.AsSpan(1, n * n);
        for (var i = 0; i < n; i++)
        {
            for (var j = 0; j < n; j++)
            {
                double sum = 0, size = 0;
                for (var p = 0; p < k; p++) (sum, size) = (sum + matrix.A[i, p] * matrix.A[j, p], size + Math.Abs(matrix.A[i, p] * matrix.A[j, p]));
                var found = double.CreateTruncating(c[i * n + j]);
                if (!(Math.Abs(found - sum) <= (k + 2) * FactorCase<T>.Epsilon * size)) Assert.Fail($"[{n}, {k}] at ({i}, {j}): expected {sum:R}, found {found:R}");
                Assert.Equal(c[i * n + j], c[j * n + i]);
            }
        }
    }
}
