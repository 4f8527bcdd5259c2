namespace HTensor.Core;

/// <summary>What a tree does with a node whose rank is as large as what its core reads: its frame may be the identity.</summary>
public enum IdentityFrames
{
    /// <summary>Every node has a core, as the papers count.</summary>
    Stored,

    /// <summary>
    /// Such a node has none, its modes or bonds go to its parent; and the root's matrix is a part of a child's core where the child's rank is what the other
    /// child passes on. The tensors are the same, the numbers fewer: a tree of order 2 is a matrix of low rank, a linear one a tensor train.
    /// </summary>
    LeftOut,
}
