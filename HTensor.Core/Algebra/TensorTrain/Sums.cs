using System.Numerics;

namespace HTensor.Core;

/// <summary>
/// The algebra of tensor trains. Nothing is truncated unless a <see cref="Truncation"/> is given. Oseledets 2011.
/// </summary>
public static partial class TensorTrain
{
    /// <summary>X + Y: ranks add up, nothing is rounded.</summary>
    /// <exception cref="ArgumentException">Other mode sizes.</exception>
    public static TensorTrain<T> Add<T>(TensorTrain<T> x, TensorTrain<T> y)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> => Combine("add", [x, y], [T.One, T.One]);

    /// <summary>X - Y: ranks add up, nothing is rounded.</summary>
    /// <exception cref="ArgumentException">Other mode sizes.</exception>
    public static TensorTrain<T> Subtract<T>(TensorTrain<T> x, TensorTrain<T> y)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> => Combine("subtract", [x, y], [T.One, T.NegativeOne]);

    /// <summary>The sum of many: ranks add up, nothing is rounded.</summary>
    /// <exception cref="ArgumentException">No terms, or other mode sizes.</exception>
    public static TensorTrain<T> Sum<T>(params IReadOnlyList<TensorTrain<T>> terms)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        ArgumentNullException.ThrowIfNull(terms);
        return Combine("sum", terms, [.. Enumerable.Repeat(T.One, terms.Count)]);
    }

    /// <summary>factor X.</summary>
    public static TensorTrain<T> Scale<T>(TensorTrain<T> x, T factor)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        ArgumentNullException.ThrowIfNull(x);
        return Like(x, TreeSum.Scaled(x.Network, factor));
    }

    /// <summary>X and Y one behind the other along a mode, whose sizes add up; so do the ranks.</summary>
    /// <exception cref="ArgumentException">Another mode's sizes differ.</exception>
    public static TensorTrain<T> Concatenate<T>(TensorTrain<T> x, TensorTrain<T> y, int mode)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        ArgumentNullException.ThrowIfNull(x);
        ArgumentNullException.ThrowIfNull(y);
        AlgebraGuard.Mode("concatenate", x.Order, mode);
        AlgebraGuard.Same("concatenate", x.Network, y.Network, mode);
        return Like(x, TreeSum.Joined(x.Network, y.Network, mode));
    }

    /// <summary>The element-wise product without rounding: ranks multiply.</summary>
    /// <exception cref="ArgumentException">Other mode sizes.</exception>
    public static TensorTrain<T> Multiply<T>(TensorTrain<T> x, TensorTrain<T> y)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        RequireSame("element-wise product", x, y);
        return Like(x, TreeProduct.Of(x.Network, y.Network));
    }

    /// <summary>X * X, element by element.</summary>
    public static TensorTrain<T> Square<T>(TensorTrain<T> x)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> => Multiply(x, x);

    private static TensorTrain<T> Combine<T>(string verb, IReadOnlyList<TensorTrain<T>> terms, ReadOnlySpan<T> weights)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var networks = Networks(verb, terms);
        return Like(terms[0], TreeSum.Of(networks, weights));
    }

    private static TreeTensor<T>[] Networks<T>(string verb, IReadOnlyList<TensorTrain<T>> terms)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        if (terms.Count == 0) throw new ArgumentException($"{verb}: expected at least one term, found none");
        var networks = new TreeTensor<T>[terms.Count];
        for (var i = 0; i < terms.Count; i++)
        {
            ArgumentNullException.ThrowIfNull(terms[i]);
            networks[i] = terms[i].Network;
            if (i > 0) AlgebraGuard.Same(verb, networks[0], networks[i]);
        }

        return networks;
    }

    private static void RequireSame<T>(string verb, TensorTrain<T> x, TensorTrain<T> y)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        ArgumentNullException.ThrowIfNull(x);
        ArgumentNullException.ThrowIfNull(y);
        AlgebraGuard.Same(verb, x.Network, y.Network);
    }

    private static TensorTrain<T> Like<T>(TensorTrain<T> _, TreeTensor<T> network)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> => new(network);
}
