using System.Numerics;
using System.Numerics.Tensors;

namespace HTensor.Core;

/// <summary>
/// A dense tensor into Tucker form (sequentially truncated HOSVD; Vannieuwenhoven, Vandebril, Meerbergen 2012), by the stages of <see cref="Hsvd"/> and
/// with the same certificate.
/// </summary>
public static unsafe class SequentialHosvd
{
    /// <inheritdoc cref="Decompose{T}(ReadOnlySpan{T}, ReadOnlySpan{int}, Truncation, DecompositionOptions)"/>
    /// <param name="tensor">X.</param>
    /// <param name="truncation">The error or the ranks allowed.</param>
    public static (Tucker<T> Tucker, TruncationReport Report) Decompose<T>(Tensor<T> tensor, Truncation truncation)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        ArgumentNullException.ThrowIfNull(tensor);
        var sizes = DenseArguments.Of((ReadOnlyTensorSpan<T>)tensor, out var values);
        return Decompose(values, sizes, truncation);
    }

    /// <param name="values">X, row-major, last index fastest.</param>
    /// <param name="modeSizes">Its mode sizes.</param>
    /// <param name="truncation">The error or the ranks allowed; a mode's own rank goes by its number.</param>
    /// <param name="options">How to work.</param>
    /// <exception cref="ArgumentException">An element is not finite, or a mode is empty.</exception>
    /// <exception cref="NotSupportedException">T is neither float nor double.</exception>
    public static (Tucker<T> Tucker, TruncationReport Report) Decompose<T>(ReadOnlySpan<T> values, ReadOnlySpan<int> modeSizes, Truncation truncation, DecompositionOptions? options = null)
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
    public static (Tucker<T> Tucker, TruncationReport Report) DecomposeFile<T>(string path, Truncation truncation, DecompositionOptions? options = null)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        using var source = new NpySource(path, options);
        return Decompose<T>(source, source.Sizes(), truncation, options);
    }

    private static (Tucker<T> Tucker, TruncationReport Report) Decompose<T>(IDenseSource source, int[] sizes, Truncation truncation, DecompositionOptions? options)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        ArgumentNullException.ThrowIfNull(truncation);
        var order = sizes.Length;
        var plan = new StagePlan(order + 1, order, TrainSweep.Boundaries(order));
        var work = Decomposer.Open(source, sizes, truncation, plan, options ?? new DecompositionOptions(), StoredUnit.Of<T>());
        string[] names = [.. Enumerable.Range(0, order).Select(mode => $"{mode}")];
        if (work.IsZero)
        {
            T[][] units = [.. sizes.Select(size => TensorTrainSvd.Unit<T>(size, true))];
            return (new Tucker<T>(sizes, [.. Enumerable.Repeat(1, order)], [T.Zero], units), TruncationReport.Of([.. names.Select(name => new NodeTruncation(name, [0], []))], 0, 0, 0));
        }

        var sweep = new TuckerSweep(work.Tensor, work.Log, work.Team, work.Buffer);
        sweep.Run(work.Split);
        T[][] factors = [.. sweep.Frames.Select(frame => work.Stored<T>(frame))];
        return (new Tucker<T>(sizes, sweep.Ranks, work.Stored<T>(sweep.Core, true), factors), work.Log.Report(names, work.Exponent));
    }
}
