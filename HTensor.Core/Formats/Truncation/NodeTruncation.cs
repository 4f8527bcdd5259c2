namespace HTensor.Core;

/// <summary>What truncation did at a node of a tree, a bond of a train or a mode of Tucker: the singular values of its unfolding, descending.</summary>
/// <param name="Node">The modes that it holds, "0,1"; of a train the modes left of the bond.</param>
/// <param name="Kept">Singular values kept; as many as the rank.</param>
/// <param name="Dropped">Singular values dropped: their squares' sum is the squared error made here.</param>
/// <param name="Share">Whether that error is counted here.</param>
public sealed record NodeTruncation(string Node, IReadOnlyList<double> Kept, IReadOnlyList<double> Dropped, ErrorShare Share = ErrorShare.Own)
{
    public int Rank => Kept.Count;

    /// <summary>sqrt(sum of the squares of what was dropped).</summary>
    public double Error => RankChoice.Norm([.. Dropped]);

    /// <summary>Splits descending singular values at the rank.</summary>
    public static NodeTruncation Of(string node, ReadOnlySpan<double> values, int rank, ErrorShare share = ErrorShare.Own) =>
        new(node, values[..rank].ToArray(), values[rank..].ToArray(), share);
}

/// <summary>Where the error of a truncation is counted.</summary>
public enum ErrorShare
{
    /// <summary>At this node.</summary>
    Own,

    /// <summary>At its sibling: the two children of the root have one unfolding, each other's transpose, and one error.</summary>
    Sibling,
}
