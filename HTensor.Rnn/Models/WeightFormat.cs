using HTensor.Core;

namespace HTensor.Rnn;

/// <summary>The ways to hold a weight matrix W [N, M]. Ranks are checked against the modes when a model is made of them.</summary>
public static class WeightFormat
{
    /// <summary>W itself: N M numbers.</summary>
    public static IMatrixFormat Dense { get; } = new DenseFormat();

    /// <summary>A leaf frame for each pair of modes, transfer tensors over a tree: <c>balanced</c>, <c>linear</c> or nested pairs such as <c>(((0,1),2),(3,4))</c>.</summary>
    public static IMatrixFormat HierarchicalTucker(int leafRank, int innerRank, string tree = "balanced") => new HierarchicalTuckerFormat(leafRank, innerRank, tree);

    /// <summary>A core for each pair of modes, in a row.</summary>
    public static IMatrixFormat TensorTrain(int rank) => new TensorTrainFormat(rank);

    /// <summary>A core for each mode, in a ring, inputs first. The bond that closes the ring has <paramref name="rank"/> too unless said otherwise.</summary>
    public static IMatrixFormat TensorRing(int rank, int? closingRank = null) => new TensorRingFormat(rank, closingRank ?? rank);

    /// <summary>A sum of Tucker terms over pairs of modes.</summary>
    public static IMatrixFormat BlockTerm(int blocks, int rank) => new BlockTermFormat(blocks, rank);

    /// <summary>A sum of <paramref name="rank"/> outer products over all modes.</summary>
    public static IMatrixFormat CanonicalPolyadic(int rank) => new CanonicalPolyadicFormat(rank);

    /// <summary>A factor for each mode and a core; one rank for all modes, or one for each, those of the inputs first.</summary>
    public static IMatrixFormat Tucker(params IReadOnlyList<int> ranks) => new TuckerFormat(ranks);
}
