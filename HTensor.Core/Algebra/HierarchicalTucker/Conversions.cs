using System.Numerics;
using System.Numerics.Tensors;

namespace HTensor.Core;

public static partial class HierarchicalTucker
{
    /// <summary>A tensor train as hierarchical Tucker, over the linear tree or the one given; no entry changes but by rounding.</summary>
    /// <exception cref="ArgumentException">The tree has other modes.</exception>
    public static HierarchicalTucker<T> FromTensorTrain<T>(TensorTrain<T> train, DimensionTree? tree = null)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        ArgumentNullException.ThrowIfNull(train);
        var linear = new HierarchicalTucker<T>(new TreeLayout(DimensionTree.Linear(train.Order)), TreeTrain.ToTree(train.Network));
        return tree is null ? linear : ChangeTree(linear, tree);
    }

    /// <summary>A sum of R products over a tree: the factors are the leaf frames, transfer tensors have ones on the diagonal, the weights stand at the root.</summary>
    /// <exception cref="ArgumentException">The tree has other modes.</exception>
    public static HierarchicalTucker<T> FromCanonicalPolyadic<T>(CanonicalPolyadic<T> sum, DimensionTree? tree = null)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        ArgumentNullException.ThrowIfNull(sum);
        var layout = LayoutFor(sum.Order, tree);
        return new HierarchicalTucker<T>(layout, TreeOfSum.Run(sum, layout.Cores));
    }

    /// <summary>A tensor in Tucker form over a tree: the factors are the leaf frames, the core is brought over the tree exactly.</summary>
    /// <exception cref="ArgumentException">The tree has other modes, or an entry is not finite.</exception>
    public static HierarchicalTucker<T> FromTucker<T>(Tucker<T> tucker, DimensionTree? tree = null)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        ArgumentNullException.ThrowIfNull(tucker);
        AlgebraGuard.Finite("from Tucker", tucker);
        var layout = LayoutFor(tucker.Order, tree);
        var core = TreeChange.Run(TreeTrain.ToTree(TrainOfDense.Run(tucker.CoreArray, [.. tucker.Ranks])), layout.Cores);
        for (var mode = 0; mode < tucker.Order; mode++) core = TreeModes.Multiply<T>(core, mode, tucker.ModeSizes[mode], tucker.FactorArray(mode));
        return new HierarchicalTucker<T>(layout, core);
    }

    /// <summary>The leaf frames as factors, and all that is above them as one core.</summary>
    /// <exception cref="ArgumentException">The core has more numbers than an array holds.</exception>
    public static Tucker<T> ToTucker<T>(HierarchicalTucker<T> x)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        ArgumentNullException.ThrowIfNull(x);
        return TuckerOfTree.Run(x.Network);
    }

    /// <summary>The tensor as a sum of products, exactly: as many terms as its Tucker core has fibres along its largest mode. Nothing is searched for fewer.</summary>
    /// <exception cref="ArgumentException">The core or a factor has more numbers than an array holds.</exception>
    public static CanonicalPolyadic<T> ToCanonicalPolyadic<T>(HierarchicalTucker<T> x)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> => SumOfTucker.Run(ToTucker(x));

    /// <summary>A Tucker form as a sum of products, exactly: a term for each fibre of the core along its mode of largest rank that is not all zeros.</summary>
    /// <exception cref="ArgumentException">A factor would have more numbers than an array holds.</exception>
    public static CanonicalPolyadic<T> ToCanonicalPolyadic<T>(Tucker<T> tucker)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        ArgumentNullException.ThrowIfNull(tucker);
        return SumOfTucker.Run(tucker);
    }

    /// <summary>The tensor of a sum of products.</summary>
    /// <exception cref="ArgumentException">More entries than an array holds.</exception>
    public static Tensor<T> ToDense<T>(CanonicalPolyadic<T> sum)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> => ToDense(FromCanonicalPolyadic(sum));

    /// <summary>The tensor of a Tucker form.</summary>
    /// <exception cref="ArgumentException">More entries than an array holds.</exception>
    public static Tensor<T> ToDense<T>(Tucker<T> tucker)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        ArgumentNullException.ThrowIfNull(tucker);
        AlgebraGuard.EntryCount("dense tensor", tucker.ModeSizes);
        return Tensor.Create(TuckerOfTree.Dense(tucker), [.. tucker.ModeSizes.Select(size => (nint)size)]);
    }

    private static TreeLayout LayoutFor(int order, DimensionTree? tree)
    {
        if (tree is not null) AlgebraGuard.Count("dimension tree: modes", order, tree.Modes.Count);
        return new TreeLayout(tree ?? DimensionTree.Balanced(order));
    }
}
