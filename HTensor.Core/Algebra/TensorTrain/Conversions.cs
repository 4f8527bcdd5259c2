using System.Numerics;
using System.Numerics.Tensors;

namespace HTensor.Core;

public static partial class TensorTrain
{
    /// <summary>A tensor in hierarchical Tucker form, over any tree, as a train; no entry changes but by rounding.</summary>
    /// <exception cref="ArgumentException">An entry is not finite.</exception>
    public static TensorTrain<T> FromHierarchicalTucker<T>(HierarchicalTucker<T> x)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        ArgumentNullException.ThrowIfNull(x);
        return new TensorTrain<T>(TreeTrain.OfTree(x.Network));
    }

    /// <summary>A sum of R products as a train of ranks R: G_k[r, i, r] = F_k[i, r], the weights in the last core.</summary>
    public static TensorTrain<T> FromCanonicalPolyadic<T>(CanonicalPolyadic<T> sum)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        ArgumentNullException.ThrowIfNull(sum);
        return new TensorTrain<T>(TreeOfSum.Run(sum, CoreTree.Train(sum.Order)));
    }

    /// <summary>A tensor in Tucker form as a train: the core's train, each mode multiplied by its factor.</summary>
    /// <exception cref="ArgumentException">An entry is not finite.</exception>
    public static TensorTrain<T> FromTucker<T>(Tucker<T> tucker)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        ArgumentNullException.ThrowIfNull(tucker);
        AlgebraGuard.Finite("from Tucker", tucker);
        var train = TrainOfDense.Run(tucker.CoreArray, [.. tucker.Ranks]);
        for (var mode = 0; mode < tucker.Order; mode++) train = TreeModes.Multiply<T>(train, mode, tucker.ModeSizes[mode], tucker.FactorArray(mode));
        return new TensorTrain<T>(train);
    }

    /// <summary>The train with frames of its modes as factors, and the rest as one core.</summary>
    /// <exception cref="ArgumentException">The core has more numbers than an array holds.</exception>
    public static Tucker<T> ToTucker<T>(TensorTrain<T> x)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        ArgumentNullException.ThrowIfNull(x);
        return TuckerOfTree.Run(TreeTrain.ToTree(x.Network));
    }

    /// <summary>The train as a sum of products, exactly: as many terms as its Tucker core has fibres along its largest mode. Nothing is searched for fewer.</summary>
    /// <exception cref="ArgumentException">The core or a factor has more numbers than an array holds.</exception>
    public static CanonicalPolyadic<T> ToCanonicalPolyadic<T>(TensorTrain<T> x)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> => SumOfTucker.Run(ToTucker(x));

    /// <summary>The modes in another order: mode k of the result is mode <paramref name="modes"/>[k] of x. Ranks are those that the new order needs, rounding apart.</summary>
    /// <exception cref="ArgumentException">The modes are not 0 to d - 1, each once, or an entry is not finite.</exception>
    public static TensorTrain<T> Permute<T>(TensorTrain<T> x, params IReadOnlyList<int> modes)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> => FromHierarchicalTucker(HierarchicalTucker.Permute(HierarchicalTucker.FromTensorTrain(x), modes));

    /// <summary>Z[i, j] = sum_k X[i, k] Y[k, j] over pairs of modes: the modes that stay are x's, then y's. Without pairs it is the outer product.</summary>
    /// <exception cref="ArgumentException">Not as many modes of each, sizes that differ, or no mode that stays: <see cref="Inner"/> is that.</exception>
    public static TensorTrain<T> Contract<T>(TensorTrain<T> x, IReadOnlyList<int> modesOfX, TensorTrain<T> y, IReadOnlyList<int> modesOfY)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
        FromHierarchicalTucker(HierarchicalTucker.Contract(HierarchicalTucker.FromTensorTrain(x), modesOfX, HierarchicalTucker.FromTensorTrain(y), modesOfY));
}
