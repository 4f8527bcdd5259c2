using System.Numerics;
using HTensor.Kernels;
using Xunit;

namespace HTensor.Tests.Kernels;

public sealed class RowSoftmaxTests
{
    [Fact]
    public void Every_length_is_the_equation_and_nothing_else_is_written()
    {
        for (var columns = 1; columns <= 130; columns++)
        {
            Equation<float>(3, columns, columns % 2 == 0 ? 2 : 30);
            Equation<double>(2, columns, columns % 2 == 0 ? 2 : 300);
        }
    }

    [Fact]
    public void Infinities_and_NaN_are_those_of_IEEE_754()
    {
        foreach (var columns in (int[])[2, 16, 17, 33])
            for (var at = 0; at < columns; at++)
            {
                Special<float>(columns, at);
                Special<double>(columns, at);
            }
    }

    [Fact]
    public void Sizes_beyond_the_exponent_do_not_overflow()
    {
        float[] x = [3e38f, -3e38f, 3e38f], p = new float[3], sum = new float[1];
        RowSoftmax.Softmax<float>(x, 3, p);
        RowSoftmax.LogSumExp<float>(x, 3, sum);
        Assert.Equal([0.5f, 0f, 0.5f], p);
        Assert.Equal(3e38f, sum[0]);
    }

    [Fact]
    public void Bits_are_the_same_at_every_width()
    {
        foreach (var columns in (int[])[1, 7, 16, 21, 50, 64, 129])
        {
            Widths<float>(columns);
            Widths<double>(columns);
        }
    }

    [Fact]
    public void What_does_not_fit_is_refused_and_named()
    {
        float[] x = new float[12], other = new float[12];
        Assert.Contains("expected [rows, 5] elements, found 12", Message(() => RowSoftmax.Softmax<float>(x, 5, other)), StringComparison.Ordinal);
        Assert.Contains("expected 12, the length of source, found 8", Message(() => RowSoftmax.Softmax<float>(x, 4, other.AsSpan(4))), StringComparison.Ordinal);
        Assert.Contains("start 4 elements", Message(() => RowSoftmax.Softmax<float>(x.AsSpan(0, 8), 4, x.AsSpan(4, 8))), StringComparison.Ordinal);
        Assert.Contains("expected 3, found 2", Message(() => RowSoftmax.LogSumExp<float>(x, 4, other.AsSpan(0, 2))), StringComparison.Ordinal);
        Assert.Contains("overlap", Message(() => RowSoftmax.LogSumExp<float>(x, 4, x.AsSpan(0, 3))), StringComparison.Ordinal);
        Assert.Throws<ArgumentOutOfRangeException>(() => RowSoftmax.Softmax<float>(x, 0, other));
        RowSoftmax.Softmax<float>([], 4, []);
    }

    [Fact]
    public void Nothing_is_allocated()
    {
        float[] x = new float[5 * 21], sums = new float[5];
        void Run()
        {
            RowSoftmax.Softmax<float>(x, 21, x);
            RowSoftmax.LogSumExp<float>(x, 21, sums);
        }

        Run();
        Assert.Equal(0, Allocation.Of(() =>
        {
            for (var i = 0; i < 10; i++) Run();
        }));
    }

    private static string Message(Action action) => Assert.Throws<ArgumentException>(action).Message;

    private static void Equation<T>(int rows, int columns, double size)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var x = new T[rows * columns];
        new Philox((ulong)columns).FillNormal(x, T.CreateTruncating(size));
        T[] p = new T[x.Length + 2], sums = new T[rows + 2], inPlace = (T[])x.Clone();
        Array.Fill(p, T.NaN);
        Array.Fill(sums, T.NaN);
        RowSoftmax.Softmax<T>(x, columns, p.AsSpan(1, x.Length));
        RowSoftmax.LogSumExp<T>(x, columns, sums.AsSpan(1, rows));
        RowSoftmax.Softmax<T>(inPlace, columns, inPlace);
        Assert.Equal(p[1..^1], inPlace);
        Assert.True(T.IsNaN(p[0]) && T.IsNaN(p[^1]) && T.IsNaN(sums[0]) && T.IsNaN(sums[^1]));
        for (var r = 0; r < rows; r++)
        {
            var row = x.AsSpan(r * columns, columns).ToArray().Select(double.CreateTruncating).ToArray();
            var maximum = row.Max();
            var sum = row.Sum(v => Math.Exp(v - maximum));
            for (var j = 0; j < columns; j++)
            {
                // The subtraction of the maximum rounds in T: an error of the distance's rounding, in the exponent.
                var expected = Math.Exp(row[j] - maximum) / sum;
                var tolerance = Tolerance.Of<T>(maximum - row[j] + columns + 4, expected) + double.CreateTruncating(T.Epsilon) * 4;
                Assert.InRange(double.CreateTruncating(p[1 + r * columns + j]) - expected, -tolerance, tolerance);
            }

            var allowed = Tolerance.Of<T>(columns + 4, 1 + Math.Abs(maximum));
            Assert.InRange(double.CreateTruncating(sums[1 + r]) - (maximum + Math.Log(sum)), -allowed, allowed);
        }
    }

    private static void Special<T>(int columns, int at)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        T[] x = new T[columns], p = new T[columns], sum = new T[1];
        void Run(T value, T others)
        {
            Array.Fill(x, others);
            x[at] = value;
            RowSoftmax.Softmax<T>(x, columns, p);
            RowSoftmax.LogSumExp<T>(x, columns, sum);
        }

        Run(T.NaN, T.One);
        Assert.All(p, v => Assert.True(T.IsNaN(v)));
        Assert.True(T.IsNaN(sum[0]));
        Run(T.NaN, T.NegativeInfinity);
        Assert.All(p, v => Assert.True(T.IsNaN(v)));
        Assert.True(T.IsNaN(sum[0]));
        Run(T.NaN, T.PositiveInfinity);
        Assert.True(T.IsNaN(sum[0]));
        Run(T.PositiveInfinity, T.One);
        for (var j = 0; j < columns; j++) Assert.True(j == at ? T.IsNaN(p[j]) : p[j] == T.Zero);
        Assert.Equal(T.PositiveInfinity, sum[0]);
        Run(T.One, T.NegativeInfinity);
        for (var j = 0; j < columns; j++) Assert.Equal(j == at ? T.One : T.Zero, p[j]);
        Assert.Equal(T.One, sum[0]);
        Run(T.NegativeInfinity, T.NegativeInfinity);
        Assert.All(p, v => Assert.True(T.IsNaN(v)));
        Assert.Equal(T.NegativeInfinity, sum[0]);
    }

    private static unsafe void Widths<T>(int columns)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        const int Rows = 3;
        var x = new T[Rows * columns];
        new Philox(9).FillNormal(x, T.CreateTruncating(3));
        var results = new (T[] P, T[] Sums)[4];
        for (var width = 0; width < 4; width++)
        {
            results[width] = (new T[x.Length], new T[Rows]);
            fixed (T* source = x, p = results[width].P, sums = results[width].Sums)
            {
                if (width == 0) Run<SimdScalar<T>, T>(source, p, sums);
                if (width == 1) Run<Simd128<T>, T>(source, p, sums);
                if (width == 2) Run<Simd256<T>, T>(source, p, sums);
                if (width == 3) Run<Simd512<T>, T>(source, p, sums);
            }

            Assert.Equal(results[0].P, results[width].P);
            Assert.Equal(results[0].Sums, results[width].Sums);
        }

        void Run<V, TElement>(TElement* source, TElement* p, TElement* sums)
            where V : unmanaged, ISimd<V, TElement>
            where TElement : unmanaged, IBinaryFloatingPointIeee754<TElement>
        {
            RowSoftmaxRun<V, TElement>.Softmax(source, Rows, columns, p);
            RowSoftmaxRun<V, TElement>.LogSumExp(source, Rows, columns, sums);
        }
    }
}
