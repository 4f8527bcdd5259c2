using System.Numerics;
using System.Numerics.Tensors;

namespace HTensor.Core;

/// <summary>A dense tensor into a tensor train (TT-SVD, Oseledets 2011), by the stages of <see cref="Hsvd"/> and with the same certificate.</summary>
public static unsafe class TensorTrainSvd
{
    /// <inheritdoc cref="Decompose{T}(ReadOnlySpan{T}, ReadOnlySpan{int}, Truncation, DecompositionOptions)"/>
    /// <param name="tensor">X.</param>
    /// <param name="truncation">The error or the ranks allowed.</param>
    public static (TensorTrain<T> Train, TruncationReport Report) Decompose<T>(Tensor<T> tensor, Truncation truncation)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        ArgumentNullException.ThrowIfNull(tensor);
        var sizes = DenseArguments.Of((ReadOnlyTensorSpan<T>)tensor, out var values);
        return Decompose(values, sizes, truncation);
    }

    /// <param name="values">X, row-major, last index fastest.</param>
    /// <param name="modeSizes">Its mode sizes.</param>
    /// <param name="truncation">The error or the ranks allowed; a bond's own rank goes by the modes left of it, "0,1".</param>
    /// <param name="options">How to work.</param>
    /// <exception cref="ArgumentException">An element is not finite, or a mode is empty.</exception>
    /// <exception cref="NotSupportedException">T is neither float nor double.</exception>
    public static (TensorTrain<T> Train, TruncationReport Report) Decompose<T>(ReadOnlySpan<T> values, ReadOnlySpan<int> modeSizes, Truncation truncation, DecompositionOptions? options = null)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var sizes = DenseArguments.Sizes<T>(modeSizes, values.Length);
        fixed (T* data = values) return Decompose<T>(new MemorySource<T>(data, values.Length), sizes, truncation, options);
    }

    /// <summary>An npy file of float32 or float64, in slabs.</summary>
    /// <param name="path">The file.</param>
    /// <param name="truncation">The error or the ranks allowed.</param>
    /// <param name="options">How to work.</param>
    /// <exception cref="InvalidDataException">The file is no such file, whole, or an element is not finite.</exception>
    public static (TensorTrain<T> Train, TruncationReport Report) DecomposeFile<T>(string path, Truncation truncation, DecompositionOptions? options = null)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        using var source = new NpySource(path, options);
        return Decompose<T>(source, source.Sizes(), truncation, options);
    }

    private static (TensorTrain<T> Train, TruncationReport Report) Decompose<T>(IDenseSource source, int[] sizes, Truncation truncation, DecompositionOptions? options)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        ArgumentNullException.ThrowIfNull(truncation);
        var order = sizes.Length;
        var plan = new StagePlan(order, TrainSweep.Stages(order), TrainSweep.Boundaries(order));
        var work = Decomposer.Open(source, sizes, truncation, plan, options ?? new DecompositionOptions(), StoredUnit.Of<T>());
        string[] names = [.. Enumerable.Range(1, order - 1).Select(TrainSweep.BondName)];
        if (work.IsZero)
        {
            T[][] zeros = [.. sizes.Select((size, k) => Unit<T>(size, k < order - 1))];
            return (new TensorTrain<T>(sizes, [.. Enumerable.Repeat(1, order + 1)], zeros), TruncationReport.Of([.. names.Select(name => new NodeTruncation(name, [0], []))], 0, 0, 0));
        }

        var sweep = new TrainSweep(work.Tensor, work.Log, work.Team, work.Buffer);
        sweep.Run(work.Split);
        T[][] cores = [.. sweep.Cores.Select((core, k) => work.Stored<T>(core, k == order - 1))];
        return (new TensorTrain<T>(sizes, sweep.Ranks, cores), work.Log.Report(names, work.Exponent));
    }

    internal static T[] Unit<T>(int size, bool first)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var unit = new T[size];
        if (first) unit[0] = T.One;
        return unit;
    }
}
