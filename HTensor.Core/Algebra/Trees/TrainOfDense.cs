using System.Numerics;
using System.Numerics.Tensors;
using HTensor.Kernels;

namespace HTensor.Core;

/// <summary>
/// A small dense tensor, the core of a Tucker form, as a train, from the first mode to the last: an SVD of [rank and mode, the rest] at a time, of which
/// only what is rounding is dropped. Oseledets 2011, algorithm 1.
/// </summary>
internal static class TrainOfDense
{
    public static TreeTensor<T> Run<T>(T[] dense, int[] sizes)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var train = new TreeTensor<T>(CoreTree.Train(sizes.Length), sizes, new int[sizes.Length], new T[sizes.Length][]);
        var rest = (T[])dense.Clone();
        var exponent = Balance.Divide<T>(rest);
        var (norm, dropped) = (CoreNorms.Of<T>(rest), 0.0);
        for (int k = 0, rank = 1; k < sizes.Length - 1; k++)
        {
            int rows = rank * sizes[k], columns = rest.Length / rows, full = int.Min(rows, columns);
            T[] u = new T[rows * full], values = new T[full], vt = new T[full * columns];
            NodeSpectrum<T>.RequireConverged(Svd.Factor<T>(rows, columns, new MatrixOperand<T>(rest, columns, 1), u, values, vt, ThreadTeam.Inline));
            dropped += SvdRounding.Squared<T>(norm, full);
            rank = RankChoice.Choose([.. values.Select(double.CreateTruncating)], double.Sqrt(dropped), full);
            (train.Ranks[k], train.Cores[k]) = (rank, Permutation.FirstColumns(u, rows, full, rank));
            rest = vt[..(rank * columns)];
            for (var i = 0; i < rank; i++) TensorPrimitives.Multiply(rest.AsSpan(i * columns, columns), values[i], rest.AsSpan(i * columns, columns));
        }

        Balance.Scale<T>(rest, exponent);
        (train.Ranks[^1], train.Cores[^1]) = (1, rest);
        return train;
    }
}
