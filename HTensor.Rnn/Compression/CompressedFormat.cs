namespace HTensor.Rnn;

/// <summary>Formats that a dense matrix can be compressed into.</summary>
public enum CompressedFormat
{
    /// <summary>Hierarchical Tucker over a tree and modes that are chosen; identities are left out, so that low rank and tensor train are among its cases.</summary>
    HierarchicalTucker,

    TensorTrain,

    TensorRing,

    BlockTerm,

    Tucker,

    CanonicalPolyadic,

    /// <summary>Two factors, by a truncated singular value decomposition.</summary>
    LowRank,
}
