using System.Numerics;

namespace HTensor.Core;

/// <summary>Norms and orthonormal frames.</summary>
internal static class TreeNorm
{
    public static ScaledNumber Of<T>(ITreeSource<T> source)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var x = OrthogonalTree<T>.Of(source, Frames.NormAlone);
        return ScaledNumber.Of(x.Norm, x.Exponent);
    }

    public static TreeTensor<T> Orthogonalized<T>(TreeTensor<T> tensor)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var x = OrthogonalTree<T>.Of(new SumSource<T>(tensor), Frames.Kept);
        // Frames stay orthonormal: the power of two belongs to the root alone.
        Balance.Scale<T>(x.Tensor.Cores[x.Tensor.Tree.Root], (int)long.Clamp(x.Exponent, -5000, 5000));
        return x.Tensor;
    }
}
