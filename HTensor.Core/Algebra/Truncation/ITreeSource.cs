using System.Numerics;

namespace HTensor.Core;

/// <summary>
/// The cores of a tensor that may exist as a rule alone: a sum or a product is orthogonalized from its terms' cores, and never built.
/// </summary>
internal interface ITreeSource<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    CoreTree Tree { get; }

    int[] ModeSizes { get; }

    /// <summary>The rank of a node towards its parent.</summary>
    int Rank(int node);

    /// <summary>
    /// W[i, j, c] = sum_ab L[i, a] R[j, b] B[a, b, c] of a node's core B: <paramref name="left"/> and <paramref name="right"/> are its children's
    /// triangles, empty where there is no child.
    /// </summary>
    void Project(int node, in Triangle<T> left, in Triangle<T> right, Span<T> w, Scratch<T> scratch);

    /// <summary>
    /// sqrt(sum_abc (|L_a| |R_b| B[a, b, c])^2), |L_a| the norm of a column: how large W would be if nothing cancelled. Rounding is in proportion to it.
    /// </summary>
    double Nominal(int node, ReadOnlySpan<double> leftNorms, ReadOnlySpan<double> rightNorms);
}

/// <summary>What a child's frame leaves when its orthonormal part is taken out: R [rows, columns]; no values where there is no child.</summary>
internal readonly ref struct Triangle<T>(int rows, int columns, ReadOnlySpan<T> values)
{
    public int Rows { get; } = rows;

    public int Columns { get; } = columns;

    public ReadOnlySpan<T> Values { get; } = values;

    public bool IsEmpty => Values.IsEmpty;
}
