using System.Numerics;
using HTensor.Kernels;

namespace HTensor.Core;

/// <summary>
/// A tensor in hierarchical Tucker, tensor train or Tucker form, of floats or doubles, with what is known of its decomposition: what is done with any of
/// them, such as storing it or bringing it back, slab by slab.
/// </summary>
public sealed class DecomposedTensor
{
    private readonly Func<IndexRange[], ThreadTeam, double[]> _slab;

    private DecomposedTensor(TensorFormat format, NpyType type, IReadOnlyList<int> modeSizes, DimensionTree? tree, IReadOnlyList<TensorCore> cores,
        TruncationReport? report, Func<IndexRange[], ThreadTeam, double[]> slab) =>
        (Format, Type, ModeSizes, Tree, Cores, Report, _slab) = (format, type, modeSizes, tree, cores, report, slab);

    public TensorFormat Format { get; }

    /// <summary>Single or double.</summary>
    public NpyType Type { get; }

    public IReadOnlyList<int> ModeSizes { get; }

    /// <summary>The dimension tree of hierarchical Tucker, else null.</summary>
    public DimensionTree? Tree { get; }

    /// <summary>Frames, transfer tensors or cores, with their shapes.</summary>
    public IReadOnlyList<TensorCore> Cores { get; }

    /// <summary>What the decomposition did, where that is known.</summary>
    public TruncationReport? Report { get; }

    /// <summary>Numbers in all cores.</summary>
    public long StoredNumbers => Cores.Sum(core => (long)core.Values.Count);

    /// <summary>Numbers of the dense tensor, as a double: it may be beyond any integer.</summary>
    public double DenseNumbers => ModeSizes.Aggregate(1.0, (product, size) => product * size);

    public static DecomposedTensor Of<T>(HierarchicalTucker<T> tensor, TruncationReport? report)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        ArgumentNullException.ThrowIfNull(tensor);
        var nodes = tensor.Tree.Nodes();
        var root = nodes.Count - 1;
        var layout = new TreeLayout(tensor.Tree);
        var cores = new TensorCore[nodes.Count];
        for (var i = 0; i <= root; i++)
        {
            var node = nodes[i];
            int[] shape = node.IsLeaf ? [tensor.ModeSizes[node.Modes[0]], tensor.Ranks[i]]
                : i == root ? [tensor.Ranks[layout.Left[i]], tensor.Ranks[layout.Right[i]]]
                : [tensor.Ranks[layout.Left[i]], tensor.Ranks[layout.Right[i]], tensor.Ranks[i]];
            cores[i] = new TensorCore($"{(node.IsLeaf ? "U" : "B")}{node.Key}", node.Key, tensor.Ranks[i], SafetensorsTensor.Over(tensor.Core(i), shape));
        }

        return new DecomposedTensor(TensorFormat.HierarchicalTucker, NpyTypes.Of<T>(), tensor.ModeSizes, tensor.Tree, cores, report, (ranges, team) => DenseSlab.Of(tensor, ranges, team));
    }

    public static DecomposedTensor Of<T>(TensorTrain<T> tensor, TruncationReport? report)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        ArgumentNullException.ThrowIfNull(tensor);
        TensorCore[] cores = [.. Enumerable.Range(0, tensor.Order).Select(k => new TensorCore($"G{k}", TrainSweep.BondName(k + 1), tensor.Ranks[k + 1],
            SafetensorsTensor.Over(tensor.Core(k), tensor.Ranks[k], tensor.ModeSizes[k], tensor.Ranks[k + 1])))];
        return new DecomposedTensor(TensorFormat.TensorTrain, NpyTypes.Of<T>(), tensor.ModeSizes, null, cores, report, (ranges, team) => DenseSlab.Of(tensor, ranges, team));
    }

    public static DecomposedTensor Of<T>(Tucker<T> tensor, TruncationReport? report)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        ArgumentNullException.ThrowIfNull(tensor);
        TensorCore[] cores =
        [
            .. Enumerable.Range(0, tensor.Order).Select(k => new TensorCore($"U{k}", $"{k}", tensor.Ranks[k], SafetensorsTensor.Over(tensor.Factor(k), tensor.ModeSizes[k], tensor.Ranks[k]))),
            new TensorCore("C", "", 1, SafetensorsTensor.Over(tensor.Core, tensor.Ranks)),
        ];
        return new DecomposedTensor(TensorFormat.Tucker, NpyTypes.Of<T>(), tensor.ModeSizes, null, cores, report, (ranges, team) => DenseSlab.Of(tensor, ranges, team));
    }

    /// <summary>An npy file of float32 or float64 into a format, in numbers of the file's type, in slabs.</summary>
    /// <exception cref="ArgumentException">The tree has other modes than the file's array, or stands beside a format that has none.</exception>
    /// <exception cref="InvalidDataException">The file holds no such array, whole, or an element is not finite.</exception>
    public static DecomposedTensor Decompose(string path, TensorFormat format, Truncation truncation, DimensionTree? tree = null, DecompositionOptions? options = null)
    {
        var type = NpySource.TypeOf(path);
        if (tree is not null && format != TensorFormat.HierarchicalTucker) throw new ArgumentException($"dimension tree: expected none for {format}, found {tree}");
        return type == NpyType.Single ? Decompose<float>(path, format, truncation, tree, options) : Decompose<double>(path, format, truncation, tree, options);
    }

    /// <summary>||X - Y|| for the array X of an npy file, measured slab by slab.</summary>
    /// <exception cref="InvalidDataException">The file holds no such array, whole, or one of another shape.</exception>
    /// <exception cref="OperationCanceledException">The options say so.</exception>
    public double ErrorAgainst(string path, DecompositionOptions? options = null)
    {
        using var source = new NpySource(path, options);
        if (!source.Shape.SequenceEqual(ModeSizes)) throw new DataPlace(path).Unexpected("shape", ArrayExtent.Text(ModeSizes), ArrayExtent.Text(source.Shape));
        var (buffer, sum, at) = (new DenseBuffer(), default(ScaledSquares), 0L);
        foreach (var slab in Slabs(options))
        {
            var values = source.Read(at, 1, slab.Length, slab.Length, buffer).Data;
            for (var i = 0; i < slab.Length; i++) slab[i] -= values[i];
            sum.Add(slab);
            at += slab.Length;
        }

        return sum.Norm;
    }

    /// <summary>Writes the dense tensor as npy, slab by slab. The file appears whole or not at all.</summary>
    /// <exception cref="IOException">It cannot be written.</exception>
    /// <exception cref="OverflowException">It would have more than 2^63 bytes.</exception>
    /// <exception cref="OperationCanceledException">The options say so.</exception>
    public void WriteDense(string path, DecompositionOptions? options = null) =>
        OutputFile.Write(path, stream =>
        {
            NpyFormat.WriteHeader(stream, Type, ModeSizes);
            var written = 0L;
            foreach (var slab in Slabs(options))
            {
                NpyFormat.WriteValues(stream, Type, slab);
                options?.ElementsRead?.Report(written += slab.Length);
            }
        });

    /// <summary>Writes cores, tree and report as safetensors. The file appears whole or not at all.</summary>
    /// <exception cref="IOException">It cannot be written.</exception>
    public void Save(string path) => TensorStorage.Save(path, this);

    /// <summary>Whether the file says that it holds a tensor in a format.</summary>
    public static bool IsStored(SafetensorsFile file) => TensorStorage.IsTensor((file ?? throw new ArgumentNullException(nameof(file))).Metadata);

    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="InvalidDataException">The file holds no tensor in a format, whole; the message names file, key, expected and found.</exception>
    public static DecomposedTensor Load(string path) => TensorStorage.Load(path);

    private static DecomposedTensor Decompose<T>(string path, TensorFormat format, Truncation truncation, DimensionTree? tree, DecompositionOptions? options)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        switch (format)
        {
            case TensorFormat.HierarchicalTucker:
                var (tucker, report) = Hsvd.DecomposeFile<T>(path, truncation, tree, options);
                return Of(tucker, report);
            case TensorFormat.TensorTrain:
                var (train, reportOfTrain) = TensorTrainSvd.DecomposeFile<T>(path, truncation, options);
                return Of(train, reportOfTrain);
            default:
                var (core, reportOfCore) = SequentialHosvd.DecomposeFile<T>(path, truncation, options);
                return Of(core, reportOfCore);
        }
    }

    private IEnumerable<double[]> Slabs(DecompositionOptions? options)
    {
        foreach (var ranges in IndexRange.Slabs(ModeSizes, DenseBuffer.Aim))
        {
            options?.Cancellation.ThrowIfCancellationRequested();
            yield return _slab(ranges, options?.Team ?? ThreadTeam.Inline);
        }
    }
}

/// <summary>A core of a tensor in a format.</summary>
/// <param name="Name">In files: a leaf frame U, a transfer tensor or the root's B with the node's modes, a train's G, Tucker's C.</param>
/// <param name="Node">The modes that it stands for, as in a report.</param>
/// <param name="Rank">The rank towards the root, or the next core.</param>
/// <param name="Values">Shape and numbers.</param>
public sealed record TensorCore(string Name, string Node, int Rank, SafetensorsTensor Values);

/// <summary>The formats that a dense tensor is decomposed into.</summary>
public enum TensorFormat
{
    HierarchicalTucker,
    TensorTrain,
    Tucker,
}

/// <summary>A norm of many numbers of any size: squares are summed in units of the largest so far.</summary>
internal struct ScaledSquares
{
    private double _largest;
    private double _sum;

    public readonly double Norm => _largest * Math.Sqrt(_sum);

    public void Add(ReadOnlySpan<double> values)
    {
        var largest = 0.0;
        foreach (var value in values) largest = Math.Max(largest, Math.Abs(value));
        if (!(largest > 0)) return;
        if (largest > _largest)
        {
            _sum *= _largest / largest * (_largest / largest);
            _largest = largest;
        }

        var sum = 0.0;
        foreach (var value in values) sum += value / _largest * (value / _largest);
        _sum += sum;
    }
}
