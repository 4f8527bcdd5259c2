using HTensor.Kernels;

namespace HTensor.Tests.Kernels;

public sealed class ThinProductTests
{
    [Fact]
    public void Projection_and_residual_are_those_of_plain_loops_on_any_team()
    {
        using var team = new ThreadTeam(3);
        foreach (var (rows, columns, k) in ((int, int, int)[])[(1, 1, 1), (7, 8, 3), (33, 25, 8), (16, 300, 17), (40, 531, 24), (5, 16, 33)])
        {
            var random = new Random(rows * 1000 + columns);
            var stride = columns + 3;
            double[] q = Numbers(rows * k), a = Numbers((rows - 1) * stride + columns);
            var (c, together) = (new PanelMatrix<double>(k, columns), new PanelMatrix<double>(k, columns));
            ThinProjection.Add(rows, columns, q, a, stride, c, ThreadTeam.Inline);
            ThinProjection.Add(rows, columns, q, a, stride, together, team);
            double[] found = new double[k * columns], same = new double[k * columns], sums = new double[columns], others = new double[columns];
            c.CopyTo(found);
            together.CopyTo(same);
            Assert.Equal(found, same);
            for (var i = 0; i < k; i++)
            {
                for (var j = 0; j < columns; j++)
                {
                    var (sum, magnitude) = (0.0, 0.0);
                    for (var p = 0; p < rows; p++)
                    {
                        sum += q[p * k + i] * a[p * stride + j];
                        magnitude += Math.Abs(q[p * k + i] * a[p * stride + j]);
                    }

                    Assert.Equal(sum, found[i * columns + j], Tolerance.Of<double>(rows, magnitude) + 1e-300);
                }
            }

            ThinResidual.AddSquares(rows, columns, q, c, a, stride, sums, ThreadTeam.Inline);
            ThinResidual.AddSquares(rows, columns, q, c, a, stride, others, team);
            Assert.Equal(sums, others);
            for (var j = 0; j < columns; j++)
            {
                var expected = 0.0;
                for (var p = 0; p < rows; p++)
                {
                    var e = a[p * stride + j];
                    for (var i = 0; i < k; i++) e -= q[p * k + i] * found[i * columns + j];
                    expected += e * e;
                }

                Assert.Equal(expected, sums[j], expected * 1e-9 + 1e-20);
            }

            double[] Numbers(int count) => [.. Enumerable.Range(0, count).Select(_ => random.NextDouble() - 0.5)];
        }
    }

    [Fact]
    public void Shapes_that_do_not_fit_are_refused()
    {
        var c = new PanelMatrix<double>(2, 3);
        Assert.Throws<ArgumentException>(() => ThinProjection.Add<double>(2, 4, new double[4], new double[8], 4, c, ThreadTeam.Inline));
        Assert.Throws<ArgumentException>(() => ThinProjection.Add<double>(2, 3, new double[3], new double[6], 3, c, ThreadTeam.Inline));
        Assert.Throws<ArgumentException>(() => ThinProjection.Add<double>(2, 3, new double[4], new double[5], 3, c, ThreadTeam.Inline));
        Assert.Throws<ArgumentException>(() => ThinResidual.AddSquares<double>(2, 3, new double[4], c, new double[6], 3, new double[2], ThreadTeam.Inline));
        Assert.Throws<ArgumentException>(() => c.CopyTo(new double[5]));
    }
}
