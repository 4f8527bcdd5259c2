using HTensor.Core;

namespace HTensor.Tests.Core.Algebra;

/// <summary>Functions of i_0 + ... + i_(d-1) as trains of rank 2, exact: the coordinates' sum, its sine and its cosine.</summary>
internal static class SumFunctions
{
    /// <summary>sum_k i_k step.</summary>
    public static TensorTrain<double> Coordinates(int order, int size, double step = 1) => Train(order, size,
        i => [i * step, 1], i => [1, 0, i * step, 1], i => [1, i * step]);

    /// <summary>sin(step sum_k i_k + shift / d in each).</summary>
    public static TensorTrain<double> Sine(int order, int size, double step, double shift = 0) => Train(order, size,
        i => [Math.Sin(i * step + shift), Math.Cos(i * step + shift)],
        i => [Math.Cos(i * step), -Math.Sin(i * step), Math.Sin(i * step), Math.Cos(i * step)],
        i => [Math.Cos(i * step), Math.Sin(i * step)]);

    public static TensorTrain<double> Cosine(int order, int size, double step) => Sine(order, size, step, Math.PI / 2);

    /// <summary>Cores [r, n, r'] from their slices by index; of order 1 the first entry of the first alone.</summary>
    private static TensorTrain<double> Train(int order, int size, Func<int, double[]> first, Func<int, double[]> middle, Func<int, double[]> last)
    {
        if (order == 1) return new([size], [1, 1], [[.. Enumerable.Range(0, size).Select(i => first(i)[0])]]);
        var cores = new double[order][];
        for (var k = 0; k < order; k++)
        {
            var (slice, r, r2) = k == 0 ? (first, 1, 2) : k == order - 1 ? (last, 2, 1) : (middle, 2, 2);
            cores[k] = new double[r * size * r2];
            for (var i = 0; i < size; i++)
            {
                for (var a = 0; a < r; a++)
                {
                    for (var c = 0; c < r2; c++) cores[k][(a * size + i) * r2 + c] = slice(i)[a * r2 + c];
                }
            }
        }

        return new TensorTrain<double>([.. Enumerable.Repeat(size, order)], [1, .. Enumerable.Repeat(2, order - 1), 1], cores);
    }
}
