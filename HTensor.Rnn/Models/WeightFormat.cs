using HTensor.Core;

namespace HTensor.Rnn;

/// <summary>The ways to hold a weight matrix W [N, M]. Ranks are checked against the modes when a model is made of them.</summary>
public static class WeightFormat
{
    /// <summary>W itself: N M numbers.</summary>
    public static IMatrixFormat Dense { get; } = new DenseFormat();

    /// <summary>A leaf frame for each pair of modes, transfer tensors over the balanced tree.</summary>
    public static IMatrixFormat HierarchicalTucker(int leafRank, int innerRank) => new HierarchicalTuckerFormat(leafRank, innerRank);

    /// <summary>A leaf frame for each pair of modes, transfer tensors over a tree: <c>balanced</c>, <c>linear</c> or nested pairs such as <c>(((0,1),2),(3,4))</c>.</summary>
    public static IMatrixFormat HierarchicalTucker(int leafRank, int innerRank, string tree) => new HierarchicalTuckerFormat(leafRank, innerRank, tree);

    /// <summary>The same with a rank for each node of the tree but the root, children before parents.</summary>
    public static IMatrixFormat HierarchicalTucker(IReadOnlyList<int> ranks, string tree, IdentityFrames identities) =>
        new HierarchicalTuckerFormat(ranks, tree, identities);

    /// <summary>A core for each pair of modes, in a row; one rank for all bonds, or one for each, from the left.</summary>
    public static IMatrixFormat TensorTrain(params IReadOnlyList<int> ranks) => new TensorTrainFormat(ranks);

    /// <summary>A core for each mode, in a ring, inputs first. The bond that closes the ring has <paramref name="rank"/> too unless said otherwise.</summary>
    public static IMatrixFormat TensorRing(int rank, int? closingRank = null) => new TensorRingFormat(rank, closingRank ?? rank);

    /// <summary>The same with a rank for each bond, the closing one's last.</summary>
    public static IMatrixFormat TensorRing(IReadOnlyList<int> ranks) => new TensorRingFormat(ranks);

    /// <summary>A sum of Tucker terms over pairs of modes; one rank for all pairs, or one for each.</summary>
    public static IMatrixFormat BlockTerm(int blocks, params IReadOnlyList<int> ranks) => new BlockTermFormat(blocks, ranks);

    /// <summary>A sum of <paramref name="rank"/> outer products over all modes.</summary>
    public static IMatrixFormat CanonicalPolyadic(int rank) => new CanonicalPolyadicFormat(rank);

    /// <summary>A factor for each mode and a core; one rank for all modes, or one for each, those of the inputs first.</summary>
    public static IMatrixFormat Tucker(params IReadOnlyList<int> ranks) => new TuckerFormat(ranks);

    /// <summary>Two factors [N, rank] and [rank, M].</summary>
    public static IMatrixFormat LowRank(int rank) => new LowRankFormat(rank);

    /// <summary>A format over modes of its own, whatever those of the model; input modes that hold more than N are padded with zeros.</summary>
    public static IMatrixFormat OverModes(IMatrixFormat format, IReadOnlyList<int> inputModes, IReadOnlyList<int> outputModes) =>
        new OwnModesFormat(format, new MatrixModes(inputModes, outputModes));
}
