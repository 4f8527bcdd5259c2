using System.Numerics;

namespace HTensor.Core;

public static partial class TensorTrain
{
    /// <summary>
    /// X with smaller ranks (also called rounding): orthogonalized from the first core to the last, then truncated from the last to the
    /// first. The error is at most sqrt(d - 1) times that of the best train of these ranks. Oseledets 2011, algorithm 2.
    /// </summary>
    /// <returns>The tensor, and what was dropped, with bounds on the error.</returns>
    /// <exception cref="ArgumentException">An entry is not finite.</exception>
    public static (TensorTrain<T> Tensor, TruncationReport Report) Truncate<T>(TensorTrain<T> x, Truncation truncation)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        ArgumentNullException.ThrowIfNull(x);
        return Truncate(x, new SumSource<T>(x.Network), truncation);
    }

    /// <summary>The sum of many tensors, truncated without being built: the terms' cores are orthogonalized as blocks.</summary>
    /// <exception cref="ArgumentException">No terms, other mode sizes, or an entry that is not finite.</exception>
    public static (TensorTrain<T> Tensor, TruncationReport Report) TruncateSum<T>(IReadOnlyList<TensorTrain<T>> terms, Truncation truncation)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        ArgumentNullException.ThrowIfNull(terms);
        return Truncate(terms.Count > 0 ? terms[0] : null!, new SumSource<T>(TreeSum.Of(Networks("sum", terms), [.. Enumerable.Repeat(T.One, terms.Count)])), truncation);
    }

    /// <summary>The element-wise product, truncated without its cores being built.</summary>
    /// <exception cref="ArgumentException">Other mode sizes, or an entry that is not finite.</exception>
    public static (TensorTrain<T> Tensor, TruncationReport Report) Multiply<T>(TensorTrain<T> x, TensorTrain<T> y, Truncation truncation)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        RequireSame("element-wise product", x, y);
        return Truncate(x, TreeProduct.Source(x.Network, y.Network), truncation);
    }

    /// <summary>The same tensor with orthonormal frames at every core but the last; ranks that exceed what a frame can hold shrink.</summary>
    /// <exception cref="ArgumentException">An entry is not finite.</exception>
    public static TensorTrain<T> Orthogonalize<T>(TensorTrain<T> x)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        ArgumentNullException.ThrowIfNull(x);
        return Like(x, TreeNorm.Orthogonalized(x.Network));
    }

    /// <summary>||X||, the root of the sum of squares, from orthonormal frames: no digits are lost where terms cancel. 0 or infinite where a double cannot hold it.</summary>
    /// <exception cref="ArgumentException">An entry is not finite.</exception>
    public static double Norm<T>(TensorTrain<T> x)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> => ScaledNorm(x).Value;

    /// <summary>||X|| with an exponent of its own: no order is too high for it.</summary>
    /// <exception cref="ArgumentException">An entry is not finite.</exception>
    public static ScaledNumber ScaledNorm<T>(TensorTrain<T> x)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        ArgumentNullException.ThrowIfNull(x);
        return TreeNorm.Of(new SumSource<T>(x.Network));
    }

    /// <summary>||X - Y|| to some roundoffs of ||X||, where the root of |X|^2 - 2 (X, Y) + |Y|^2 loses half the digits.</summary>
    /// <exception cref="ArgumentException">Other mode sizes, or an entry that is not finite.</exception>
    public static double NormOfDifference<T>(TensorTrain<T> x, TensorTrain<T> y)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> => ScaledNormOfDifference(x, y).Value;

    /// <inheritdoc cref="NormOfDifference"/>
    public static ScaledNumber ScaledNormOfDifference<T>(TensorTrain<T> x, TensorTrain<T> y)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        RequireSame("norm of a difference", x, y);
        return TreeNorm.Of(new SumSource<T>(TreeSum.Of([x.Network, y.Network], [T.One, T.NegativeOne])));
    }

    private static (TensorTrain<T> Tensor, TruncationReport Report) Truncate<T>(TensorTrain<T> like, ITreeSource<T> source, Truncation truncation)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var (tensor, report) = TreeTruncation<T>.Run(source, truncation, TrainKeys.Of(like.Order));
        return (Like(like, tensor), report);
    }
}
