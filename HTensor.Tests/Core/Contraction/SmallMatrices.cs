using HTensor.Core;

namespace HTensor.Tests.Core.Contraction;

/// <summary>A matrix in each format, small enough for term-by-term sums.</summary>
internal static class SmallMatrices
{
    public static readonly Dictionary<string, MatrixNetwork> All = new()
    {
        ["ht balanced"] = new HierarchicalTuckerFormat(2, 3).Describe(new MatrixModes([3, 2, 4, 2], [4, 3, 1, 2])),
        ["ht linear"] = new HierarchicalTuckerFormat(2, 2, "linear").Describe(new MatrixModes([2, 3, 2, 5], [4, 1, 3, 2])),
        ["ht crossed"] = new HierarchicalTuckerFormat(2, 2, "((0,3),(2,1))").Describe(new MatrixModes([2, 3, 2, 2], [2, 2, 4, 2])),
        ["ht of one pair"] = new HierarchicalTuckerFormat(3, 1).Describe(new MatrixModes([5, 7], [4, 3])),
        ["tt"] = new TensorTrainFormat(3).Describe(new MatrixModes([4, 3, 5], [8, 2, 3])),
        ["tt of rank 1"] = new TensorTrainFormat(1).Describe(new MatrixModes([4, 3, 5], [4, 2, 3])),
        ["tt of one core"] = new TensorTrainFormat(1).Describe(new MatrixModes([17], [20])),
        ["tr"] = new TensorRingFormat(2, 3).Describe(new MatrixModes([3, 4, 2], [4, 3])),
        ["bt"] = new BlockTermFormat(3, 2).Describe(new MatrixModes([3, 4, 2], [4, 2, 3])),
        ["bt of one mode"] = new BlockTermFormat(2, 1).Describe(new MatrixModes([9], [8])),
        ["dense"] = new DenseFormat().Describe(new MatrixModes([37], [12])),
    };
}
