using System.Numerics;
using HTensor.Core;
using HTensor.Kernels;

namespace HTensor.Tests.Core.Algebra;

/// <summary>Tensor trains.</summary>
internal sealed class TtForm<T> : ITensorForm<TensorTrain<T>, T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    public static TensorTrain<T> Random(int[] sizes, Philox random)
    {
        int[] ranks = [1, .. Enumerable.Range(1, sizes.Length - 1).Select(_ => 1 + random.NextInt32(3)), 1];
        var cores = new T[sizes.Length][];
        for (var k = 0; k < sizes.Length; k++)
        {
            cores[k] = new T[ranks[k] * sizes[k] * ranks[k + 1]];
            random.FillNormal<T>(cores[k], T.One);
        }

        return new TensorTrain<T>(sizes, ranks, cores);
    }

    public static TensorTrain<T> Like(TensorTrain<T> x, int[] sizes, Philox random) => Random(sizes, random);

    public static DenseTensor Expected(TensorTrain<T> x, Func<double, double> number) => DenseTensor.From([.. x.ModeSizes], index =>
    {
        double[] row = [1];
        for (var k = 0; k < x.Order; k++)
        {
            var next = new double[x.Ranks[k + 1]];
            var core = x.Core(k).Span;
            for (var a = 0; a < row.Length; a++)
            {
                for (var c = 0; c < next.Length; c++) next[c] += row[a] * number(double.CreateTruncating(core[(a * x.ModeSizes[k] + index[k]) * next.Length + c]));
            }

            row = next;
        }

        return row[0];
    });

    public static TensorTrain<T> Add(TensorTrain<T> x, TensorTrain<T> y) => TensorTrain.Add(x, y);

    public static TensorTrain<T> Subtract(TensorTrain<T> x, TensorTrain<T> y) => TensorTrain.Subtract(x, y);

    public static TensorTrain<T> Sum(params IReadOnlyList<TensorTrain<T>> terms) => TensorTrain.Sum(terms);

    public static TensorTrain<T> Scale(TensorTrain<T> x, T factor) => TensorTrain.Scale(x, factor);

    public static TensorTrain<T> Multiply(TensorTrain<T> x, TensorTrain<T> y) => TensorTrain.Multiply(x, y);

    public static TensorTrain<T> Concatenate(TensorTrain<T> x, TensorTrain<T> y, int mode) => TensorTrain.Concatenate(x, y, mode);

    public static double Inner(TensorTrain<T> x, TensorTrain<T> y) => TensorTrain.Inner(x, y);

    public static T[] Mttkrp(TensorTrain<T> x, IReadOnlyList<T[]> factors, int columns, int mode) => TensorTrain.Mttkrp(x, factors, columns, mode);

    public static TensorTrain<T> MultiplyMode(TensorTrain<T> x, int mode, T[] matrix, int rows) => TensorTrain.MultiplyMode<T>(x, mode, matrix, rows);

    public static TensorTrain<T> ContractModes(TensorTrain<T> x, int[] modes, IReadOnlyList<T[]> vectors) => modes.Length == 1 ? TensorTrain.ContractMode<T>(x, modes[0], vectors[0]) : TensorTrain.ContractModes(x, modes, vectors);

    public static TensorTrain<T> SumOverModes(TensorTrain<T> x, int[] modes) => TensorTrain.SumOverModes(x, modes);

    public static TensorTrain<T> MeanOverModes(TensorTrain<T> x, int[] modes) => TensorTrain.MeanOverModes(x, modes);

    public static TensorTrain<T> MultiplyModes(TensorTrain<T> x, int[] modes, IReadOnlyList<T[]> matrices) => TensorTrain.MultiplyModes(x, modes, matrices);

    public static ScaledNumber SumOfEntries(TensorTrain<T> x) => TensorTrain.SumOfEntries(x);

    public static ScaledNumber MeanOfEntries(TensorTrain<T> x) => TensorTrain.MeanOfEntries(x);

    public static TensorTrain<T> Squeeze(TensorTrain<T> x) => TensorTrain.Squeeze(x);

    public static TensorTrain<T> Slice(TensorTrain<T> x, Range[] ranges) => TensorTrain.Slice(x, ranges);

    public static TensorTrain<T> Select(TensorTrain<T> x, int mode, int[] indices) => TensorTrain.Select(x, mode, indices);

    public static TensorTrain<T> Fix(TensorTrain<T> x, int mode, int index) => TensorTrain.Fix(x, mode, index);

    public static T Entry(TensorTrain<T> x, int[] indices) => TensorTrain.Entry(x, indices);

    public static T[] Entries(TensorTrain<T> x, int[] indices) => TensorTrain.Entries<T>(x, indices);

    public static T[] ToArray(TensorTrain<T> x) => TensorTrain.ToArray(x);
}
