using HTensor.Core;
using HTensor.Kernels;

namespace HTensor.Tests.Core.Algebra;

/// <summary>What does not fit is refused with what was expected and found.</summary>
public sealed class AlgebraRefusalTests
{
    private static readonly HierarchicalTucker<double> X = HtForm<double>.OnTree(DimensionTree.Balanced(3), [2, 3, 4], new Philox(1));

    private static readonly TensorTrain<double> Train = TtForm<double>.Random([2, 3, 4], new Philox(1));

    public static TheoryData<string, string> Cases => new()
    {
        { "add: other order", "add: expected tensors of one order, found [2, 3, 4] and [2, 3]" },
        { "add: other size", "add: expected the same size of mode 1, found [2, 3, 4] and [2, 5, 4]" },
        { "add: other tree", "add: expected the same dimension tree, found ((0,1),2) and (0,(1,2))" },
        { "sum of none", "sum: expected at least one term, found none" },
        { "mode of none", "mode product: expected a mode from 0 to 2, found 3" },
        { "matrix too short", "mode product: mode 1 of size 3, 2 rows: expected 6 numbers, found 5" },
        { "rows of another size", "mode products: mode 1: expected rows of 3 numbers, found 7 in all" },
        { "matrices missing", "mode products: matrices: expected 2, found 1" },
        { "mode twice", "sum over modes: expected each mode once, found mode 1 twice in [1, 1]" },
        { "all modes", "sum over modes: expected at least one mode to stay, found all 3 named" },
        { "vectors missing", "mode products: vectors: expected 2, found 1" },
        { "permutation", "permute: modes: expected 3, found 2" },
        { "range", "slice: mode 2: expected a range of at least one index in a size of 4, found 3..5" },
        { "empty range", "slice: mode 0: expected a range of at least one index in a size of 2, found 1..1" },
        { "index", "fix: mode 1: expected an index from 0 to 2, found 3" },
        { "entry", "entries: mode 2: expected an index from 0 to 3, found -1" },
        { "entry of other order", "entry: indices: expected 3, found 2" },
        { "entries", "entries: expected 3 indices an entry, found 4 in all" },
        { "factors", "MTTKRP: factor 0 [2, 2]: expected 4 numbers, found 3" },
        { "dense", "dense tensor: expected at most" },
        { "train", "inner product: expected the same size of mode 2, found [2, 3, 4] and [2, 3, 5]" },
        { "null core", "hierarchical Tucker, core 0: expected an array, found null" },
        { "null core of a train", "tensor train, core 1: expected an array, found null" },
        { "null factor", "Tucker, factor 0: expected an array, found null" },
        { "null factor of a sum", "CP, factor 0: expected an array, found null" },
        { "node", "hierarchical Tucker: a node: expected a number from 0 to 4, found 5" },
        { "core of a train", "tensor train: a mode: expected a number from 0 to 2, found -1" },
        { "factor", "Tucker: a mode: expected a number from 0 to 2, found 3" },
        { "leaf", "dimension tree: expected a mode of at least 0, found -1" },
        { "null vector", "mode products: vector 0: expected an array, found null" },
        { "null factor of MTTKRP", "MTTKRP: factor 1: expected an array, found null" },
        { "columns", "MTTKRP: expected at least 1 column, found 0" },
        { "core of a square", "core [40, 40, 40, 40, 40, 40]: expected at most 2147483591 numbers, found 4.1E+09; Truncate makes ranks smaller" },
        { "core of a sum", "core [2000, 2000, 2000]: expected at most 2147483591 numbers, found 8E+09" },
        { "product's ranks", "core [50000, 50000]: expected at most" },
        { "tree of ranks too large", "change of tree: expected two cores on the way of at most 16777216 numbers together, found [70, 70, 70, 70]; Truncate makes ranks smaller" },
        { "Tucker that is not finite", "from Tucker: expected finite entries, found a NaN or an infinity" },
        { "train that is not finite", "change of tree: expected finite entries, found a NaN or an infinity" },
    };

    [Theory]
    [MemberData(nameof(Cases))]
    public void Is_refused(string what, string message) =>
        Assert.Contains(message, Assert.ThrowsAny<ArgumentException>(() => Run(what)).Message, StringComparison.Ordinal);

    private static object Run(string what) => what switch
    {
        "add: other order" => HierarchicalTucker.Add(X, Other([2, 3])),
        "add: other size" => HierarchicalTucker.Add(X, Other([2, 5, 4])),
        "add: other tree" => HierarchicalTucker.Add(X, HtForm<double>.OnTree(DimensionTree.Parse("(0,(1,2))", 3), [2, 3, 4], new Philox(1))),
        "sum of none" => HierarchicalTucker.Sum<double>(),
        "mode of none" => HierarchicalTucker.MultiplyMode<double>(X, 3, new double[4], 1),
        "matrix too short" => HierarchicalTucker.MultiplyMode<double>(X, 1, new double[5], 2),
        "rows of another size" => HierarchicalTucker.MultiplyModes(X, [0, 1], [new double[4], new double[7]]),
        "matrices missing" => TensorTrain.MultiplyModes(Train, [0, 1], [new double[4]]),
        "mode twice" => HierarchicalTucker.SumOverModes(X, 1, 1),
        "all modes" => HierarchicalTucker.SumOverModes(X, 0, 1, 2),
        "vectors missing" => HierarchicalTucker.ContractModes(X, [0, 1], [new double[2]]),
        "permutation" => HierarchicalTucker.Permute(X, 0, 1),
        "range" => HierarchicalTucker.Slice(X, .., .., 3..5),
        "empty range" => HierarchicalTucker.Slice(X, 1..1, .., ..),
        "index" => HierarchicalTucker.Fix(X, 1, 3),
        "entry" => HierarchicalTucker.Entry(X, 0, 0, -1),
        "entry of other order" => HierarchicalTucker.Entry(X, 0, 0),
        "entries" => HierarchicalTucker.Entries<double>(X, [0, 0, 0, 0]),
        "factors" => HierarchicalTucker.Mttkrp(X, [new double[3], new double[6], new double[8]], 2, 1),
        "dense" => HierarchicalTucker.ToArray(HtForm<double>.OnTree(DimensionTree.Balanced(40), [.. Enumerable.Repeat(2, 40)], new Philox(1))),
        "train" => TensorTrain.Inner(Train, TtForm<double>.Random([2, 3, 5], new Philox(1))),
        "null core" => new HierarchicalTucker<double>(DimensionTree.Balanced(1), [2], [1], [null!]),
        "null core of a train" => new TensorTrain<double>([1, 2], [1, 1, 1], [[1.0], null!]),
        "null factor" => new Tucker<double>([2], [1], [1.0], [null!]),
        "null factor of a sum" => new CanonicalPolyadic<double>([2], [1.0], [null!]),
        "node" => X.Core(5),
        "core of a train" => Train.Core(-1),
        "factor" => HierarchicalTucker.ToTucker(X).Factor(3),
        "leaf" => DimensionTree.Leaf(-1),
        "null vector" => HierarchicalTucker.ContractModes(X, [0], [null!]),
        "null factor of MTTKRP" => HierarchicalTucker.Mttkrp(X, [new double[2], null!, new double[4]], 1, 2),
        "columns" => TensorTrain.Mttkrp(Train, [[], [], []], 0, 2),
        "core of a square" => HierarchicalTucker.Square(Zeros(DimensionTree.Balanced(4), 40)),
        "core of a sum" => HierarchicalTucker.Sum(Enumerable.Repeat(Zeros(DimensionTree.Balanced(4), 40), 50).ToArray()).Core(2),
        "product's ranks" => HierarchicalTucker.Multiply(Thin(50000), Thin(50000), Truncation.Exact),
        "tree of ranks too large" => HierarchicalTucker.ChangeTree(HtForm<double>.OnTree(DimensionTree.Balanced(4), [70, 70, 70, 70], new Philox(1), 70, 70), DimensionTree.Parse("((0,2),(1,3))", 4)),
        "Tucker that is not finite" => HierarchicalTucker.FromTucker(new Tucker<double>([2], [1], [1.0], [[1.0, double.NaN]])),
        "train that is not finite" => HierarchicalTucker.FromTensorTrain(TensorTrain.Scale(Train, double.NaN), DimensionTree.Balanced(3)),
        _ => throw new InvalidOperationException(what),
    };

    /// <summary>Modes of size 1, all ranks the same.</summary>
    private static HierarchicalTucker<double> Zeros(DimensionTree tree, int rank)
    {
        var nodes = tree.Nodes();
        int[] sizes = [.. Enumerable.Repeat(1, tree.Modes.Count)], ranks = [.. nodes.Select(node => node == tree ? 1 : rank)];
        return new HierarchicalTucker<double>(tree, sizes, ranks, [.. nodes.Select((node, i) => new double[(node.IsLeaf ? 1 : rank * rank) * ranks[i]])]);
    }

    /// <summary>A large rank beside one of 1.</summary>
    private static HierarchicalTucker<double> Thin(int rank) => new(DimensionTree.Balanced(2), [1, 1], [rank, 1, 1], [new double[rank], [1.0], new double[rank]]);

    private static HierarchicalTucker<double> Other(int[] sizes) => HtForm<double>.OnTree(DimensionTree.Balanced(sizes.Length), sizes, new Philox(1));
}
