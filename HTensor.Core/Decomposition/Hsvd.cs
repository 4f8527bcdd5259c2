using System.Numerics;
using System.Numerics.Tensors;

namespace HTensor.Core;

/// <summary>
/// A dense tensor into hierarchical Tucker form, X close to Y, ||X - Y|| at most what a <see cref="Truncation"/> allows (Grasedyck 2010). All is computed
/// in double, from floats too. The report certifies the error from below and above.
/// </summary>
/// <remarks>
/// A stage takes the leading singular vectors of a node's unfolding and projects the tensor on them, so that the next sees less; the squared errors of
/// stages add up exactly. A large tensor of low rank is first split in two at a node by a sketch (two or three passes over it, at the speed of memory),
/// one that is not goes by Gram matrices where the tolerance leaves room for their error, else by orthogonal factorizations.
/// </remarks>
public static unsafe class Hsvd
{
    /// <summary>Over the balanced tree.</summary>
    /// <inheritdoc cref="Decompose{T}(in ReadOnlyTensorSpan{T}, Truncation, DimensionTree, DecompositionOptions)"/>
    public static (HierarchicalTucker<T> Tucker, TruncationReport Report) Decompose<T>(Tensor<T> tensor, Truncation truncation)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> => Decompose(tensor, truncation, null, null);

    /// <inheritdoc cref="Decompose{T}(in ReadOnlyTensorSpan{T}, Truncation, DimensionTree, DecompositionOptions)"/>
    public static (HierarchicalTucker<T> Tucker, TruncationReport Report) Decompose<T>(Tensor<T> tensor, Truncation truncation, DimensionTree? tree, DecompositionOptions? options)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        ArgumentNullException.ThrowIfNull(tensor);
        return Decompose((ReadOnlyTensorSpan<T>)tensor, truncation, tree, options);
    }

    /// <param name="tensor">X.</param>
    /// <param name="truncation">The error or the ranks allowed.</param>
    /// <param name="tree">Over the modes of X; the balanced one if none is given.</param>
    /// <param name="options">How to work.</param>
    /// <exception cref="ArgumentException">An element is not finite, a mode is empty, or the tree has other modes.</exception>
    /// <exception cref="NotSupportedException">T is neither float nor double.</exception>
    public static (HierarchicalTucker<T> Tucker, TruncationReport Report) Decompose<T>(in ReadOnlyTensorSpan<T> tensor, Truncation truncation, DimensionTree? tree, DecompositionOptions? options)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var sizes = DenseArguments.Of(tensor, out var values);
        return Decompose(values, sizes, truncation, tree, options);
    }

    /// <param name="values">X, row-major, last index fastest.</param>
    /// <param name="modeSizes">Its mode sizes.</param>
    /// <param name="truncation">The error or the ranks allowed.</param>
    /// <param name="tree">Over the modes of X; the balanced one if none is given.</param>
    /// <param name="options">How to work.</param>
    /// <exception cref="ArgumentException">An element is not finite, a mode is empty, or the tree has other modes.</exception>
    /// <exception cref="NotSupportedException">T is neither float nor double.</exception>
    public static (HierarchicalTucker<T> Tucker, TruncationReport Report) Decompose<T>(ReadOnlySpan<T> values, ReadOnlySpan<int> modeSizes, Truncation truncation, DimensionTree? tree = null, DecompositionOptions? options = null)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var sizes = DenseArguments.Sizes<T>(modeSizes, values.Length);
        fixed (T* data = values) return Decompose<T>(new MemorySource<T>(data, values.Length), sizes, truncation, tree, options);
    }

    /// <summary>An npy file of float32 or float64, in slabs: it may be larger than memory. Two or three passes over the file where its ranks are low.</summary>
    /// <param name="path">The file.</param>
    /// <param name="truncation">The error or the ranks allowed.</param>
    /// <param name="tree">Over the modes of X; the balanced one if none is given.</param>
    /// <param name="options">How to work.</param>
    /// <exception cref="ArgumentException">The tree has other modes.</exception>
    /// <exception cref="InvalidDataException">The file is no such file, whole, or an element is not finite.</exception>
    public static (HierarchicalTucker<T> Tucker, TruncationReport Report) DecomposeFile<T>(string path, Truncation truncation, DimensionTree? tree = null, DecompositionOptions? options = null)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        using var source = new NpySource(path, options);
        return Decompose<T>(source, source.Sizes(), truncation, tree, options);
    }

    internal static (HierarchicalTucker<T> Tucker, TruncationReport Report) Decompose<T>(IDenseSource source, int[] sizes, Truncation truncation, DimensionTree? tree, DecompositionOptions? options)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        ArgumentNullException.ThrowIfNull(truncation);
        var given = new TreeLayout(tree ?? DimensionTree.Balanced(sizes.Length));
        if (given.LeafOfMode.Length != sizes.Length)
            throw new ArgumentException($"dimension tree {given.Nodes[^1]}: expected the {sizes.Length} modes of the tensor {ArrayExtent.Text(sizes)}, found {given.LeafOfMode.Length}");
        var (ordered, layout) = (TreeOrder.Source(source, sizes, given), TreeOrder.Layout(given));
        int[] orderedSizes = [.. given.Nodes[^1].Modes.Select(mode => sizes[mode])];
        var plan = new StagePlan(layout.Count, HierarchicalSweep.Stages(sizes.Length), HierarchicalSweep.Boundaries(layout));
        options ??= new DecompositionOptions();
        var work = Decomposer.Open(ordered, orderedSizes, TreeOrder.Renamed(truncation, given, layout), plan, options, StoredUnit.Of<T>());
        if (work.IsZero) return Zero<T>(given, sizes);
        string[] names = [.. layout.Nodes.Take(layout.Root).Select(node => node.Key)];
        double[][] cores;
        int[] ranks;
        TruncationReport report;
        if (options.Stages == StageInput.Projected)
        {
            var sketch = options.Sketching == Sketching.EachNode ? new NodeSketch(options.Seed, work.Team, work.Buffer) : null;
            var sweep = new HierarchicalSweep(layout, work.Tensor, work.Log, work.Team, work.Buffer, sketch);
            sweep.Run(work.Split);
            (cores, ranks, report) = (sweep.Cores, sweep.Ranks, work.Log.Report(names, work.Exponent));
        }
        else
        {
            var sweep = new UnprojectedSweep(layout, work.Tensor, work.Log, work.Team, work.Buffer);
            sweep.Run();
            (cores, ranks, report) = (sweep.Cores, sweep.Ranks, work.Log.UnprojectedReport(names, work.Exponent));
        }

        T[][] stored = [.. cores.Select((core, node) => work.Stored<T>(core, node == layout.Root))];
        return (new HierarchicalTucker<T>(given, sizes, ranks, stored), TreeOrder.Renamed(report, given));
    }

    private static (HierarchicalTucker<T> Tucker, TruncationReport Report) Zero<T>(TreeLayout layout, int[] sizes)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var cores = new T[layout.Count][];
        for (var node = 0; node < layout.Count; node++)
        {
            cores[node] = new T[layout.IsLeaf(node) ? sizes[layout.Nodes[node].Modes[0]] : 1];
            if (node != layout.Root) cores[node][0] = T.One;
        }

        NodeTruncation[] nodes = [.. layout.Nodes.Take(layout.Root).Select(node => new NodeTruncation(node.Key, [0], []))];
        return (new HierarchicalTucker<T>(layout, sizes, [.. Enumerable.Repeat(1, layout.Count)], cores), TruncationReport.Of(nodes, 0, 0, 0));
    }
}

internal static class StoredUnit
{
    /// <summary>Unit roundoff of the numbers that a result holds.</summary>
    public static double Of<T>() => typeof(T) == typeof(float) ? 1.0 / (1 << 24) : 1.0 / (1L << 53);
}
