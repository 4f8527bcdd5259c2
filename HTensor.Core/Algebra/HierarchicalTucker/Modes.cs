using System.Numerics;

namespace HTensor.Core;

public static partial class HierarchicalTucker
{
    /// <summary>X x_mode J: Y[..., j, ...] = sum_i J[j, i] X[..., i, ...].</summary>
    /// <param name="x">X.</param>
    /// <param name="mode">The mode.</param>
    /// <param name="matrix">J [rows, n_mode], row-major.</param>
    /// <param name="rows">The mode's new size.</param>
    /// <exception cref="ArgumentException">The mode is none of x's, or the matrix has another length.</exception>
    public static HierarchicalTucker<T> MultiplyMode<T>(HierarchicalTucker<T> x, int mode, ReadOnlySpan<T> matrix, int rows)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        ArgumentNullException.ThrowIfNull(x);
        ModeArguments.Matrix("mode product", x.Network, mode, matrix.Length, rows);
        return Like(x, TreeModes.Multiply(x.Network, mode, rows, matrix));
    }

    /// <summary>X times a matrix J_k [rows, n_k], row-major, in each of several modes, whose new sizes are their rows.</summary>
    /// <exception cref="ArgumentException">A mode is none of x's or named twice, or a matrix has no rows of its mode's size.</exception>
    public static HierarchicalTucker<T> MultiplyModes<T>(HierarchicalTucker<T> x, IReadOnlyList<int> modes, IReadOnlyList<T[]> matrices)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        ArgumentNullException.ThrowIfNull(x);
        return Like(x, ModeArguments.Multiply("mode products", x.Network, modes, matrices));
    }

    /// <summary>X times a vector in one mode, which goes: Y[...] = sum_i v[i] X[..., i, ...].</summary>
    /// <exception cref="ArgumentException">The mode is none of x's or its only one, or the vector has another length.</exception>
    public static HierarchicalTucker<T> ContractMode<T>(HierarchicalTucker<T> x, int mode, ReadOnlySpan<T> vector)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        ArgumentNullException.ThrowIfNull(x);
        var gone = AlgebraGuard.Modes("mode product", x.Order, [mode]);
        AlgebraGuard.SomeStays("mode product", gone);
        ModeArguments.Matrix("mode product", x.Network, mode, vector.Length, 1);
        return Like(x, TreeDrop<T>.Run(TreeModes.Multiply(x.Network, mode, 1, vector), gone));
    }

    /// <summary>X times a vector in each of several modes, which go.</summary>
    /// <exception cref="ArgumentException">A mode is none of x's or named twice, all are named, or a vector has another length.</exception>
    public static HierarchicalTucker<T> ContractModes<T>(HierarchicalTucker<T> x, IReadOnlyList<int> modes, IReadOnlyList<T[]> vectors)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        ArgumentNullException.ThrowIfNull(x);
        return Like(x, ModeArguments.Contract("mode products", x.Network, modes, vectors));
    }

    /// <summary>The sum over the named modes, which go.</summary>
    /// <exception cref="ArgumentException">A mode is none of x's or named twice, or all are named: <see cref="SumOfEntries"/> is their sum.</exception>
    public static HierarchicalTucker<T> SumOverModes<T>(HierarchicalTucker<T> x, params IReadOnlyList<int> modes)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        ArgumentNullException.ThrowIfNull(x);
        return Like(x, ModeArguments.Contract("sum over modes", x.Network, modes, _ => T.One));
    }

    /// <summary>The mean over the named modes, which go.</summary>
    /// <exception cref="ArgumentException">A mode is none of x's or named twice, or all are named: <see cref="MeanOfEntries"/> is their mean.</exception>
    public static HierarchicalTucker<T> MeanOverModes<T>(HierarchicalTucker<T> x, params IReadOnlyList<int> modes)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        ArgumentNullException.ThrowIfNull(x);
        return Like(x, ModeArguments.Contract("mean over modes", x.Network, modes, mode => T.One / T.CreateTruncating(x.ModeSizes[mode])));
    }

    /// <summary>The sum of all entries.</summary>
    public static ScaledNumber SumOfEntries<T>(HierarchicalTucker<T> x)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        ArgumentNullException.ThrowIfNull(x);
        return TreeInner.Of(TreeConstant.Like(x.Network, _ => T.One), x.Network);
    }

    /// <summary>The mean of all entries.</summary>
    public static ScaledNumber MeanOfEntries<T>(HierarchicalTucker<T> x)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        ArgumentNullException.ThrowIfNull(x);
        return TreeInner.Of(TreeConstant.Like(x.Network, mode => T.One / T.CreateTruncating(x.ModeSizes[mode])), x.Network);
    }

    /// <summary>The modes in another order: mode k of the result is mode <paramref name="modes"/>[k] of x. The tree's leaves get new names, no core changes.</summary>
    /// <exception cref="ArgumentException">The modes are not 0 to d - 1, each once.</exception>
    public static HierarchicalTucker<T> Permute<T>(HierarchicalTucker<T> x, params IReadOnlyList<int> modes)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        ArgumentNullException.ThrowIfNull(x);
        AlgebraGuard.Permutation("permute", x.Order, modes);
        var names = new int[x.Order];
        for (var k = 0; k < names.Length; k++) names[modes[k]] = k;
        return Like(x, new TreeTensor<T>(x.Network.Tree.Renamed(names), [.. modes.Select(mode => x.ModeSizes[mode])], x.Network.Ranks, x.Network.Cores));
    }

    /// <summary>Without modes of size 1; of a tensor of nothing else mode 0 stays.</summary>
    public static HierarchicalTucker<T> Squeeze<T>(HierarchicalTucker<T> x)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        ArgumentNullException.ThrowIfNull(x);
        return Like(x, TreeDrop<T>.Run(x.Network, ModeArguments.OfSizeOne(x.ModeSizes)));
    }

    /// <summary>The part of X whose index in each mode is in a range; all modes stay.</summary>
    /// <exception cref="ArgumentException">Not one range a mode, or one that is empty or out of the mode's.</exception>
    public static HierarchicalTucker<T> Slice<T>(HierarchicalTucker<T> x, params IReadOnlyList<Range> ranges)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        ArgumentNullException.ThrowIfNull(x);
        return Like(x, ModeArguments.Slice(x.Network, ranges));
    }

    /// <summary>The entries of these indices of a mode, in their order, repeated where one is.</summary>
    /// <exception cref="ArgumentException">The mode is none of x's, or an index none of the mode's; none is given.</exception>
    public static HierarchicalTucker<T> Select<T>(HierarchicalTucker<T> x, int mode, params ReadOnlySpan<int> indices)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        ArgumentNullException.ThrowIfNull(x);
        ModeArguments.Indices("select", x.Network, mode, indices);
        return Like(x, TreeModes.Select(x.Network, mode, indices));
    }

    /// <summary>The tensor at one index of a mode, which goes.</summary>
    /// <exception cref="ArgumentException">The mode is none of x's or its only one, or the index none of the mode's.</exception>
    public static HierarchicalTucker<T> Fix<T>(HierarchicalTucker<T> x, int mode, int index)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        ArgumentNullException.ThrowIfNull(x);
        var gone = AlgebraGuard.Modes("fix", x.Order, [mode]);
        AlgebraGuard.SomeStays("fix", gone);
        ModeArguments.Indices("fix", x.Network, mode, [index]);
        return Like(x, TreeDrop<T>.Run(TreeModes.Select(x.Network, mode, [index]), gone));
    }
}
