using System.Numerics;
using System.Runtime.CompilerServices;

namespace HTensor.Kernels;

/// <summary>
/// Softmax and cross-entropy over samples in lanes, logits x [classes][16]: <c>p_k = e^(x_k - m) / s</c>, <c>loss = ln s - (x_label - m)</c>,
/// m = max_k x_k, <c>s = sum_k e^(x_k - m)</c>, k upwards. Labels are [16], from 0; a negative label is an absent sample. A NaN stays in its
/// lane. Nothing is allocated; bits are the same at every register width.
/// </summary>
public static unsafe class SoftmaxCrossEntropy
{
    private const int Width = LaneBlock.Width;

    /// <summary>
    /// Fills probabilities [classes][16], which may be the logits themselves, and losses [16]. An absent sample has probabilities like any
    /// other (a prediction needs no label) and the loss 0.
    /// </summary>
    /// <exception cref="ArgumentException">Lengths that do not fit, a partial overlap, or a label of <c>classes</c> or more.</exception>
    public static void Forward<T>(ReadOnlySpan<T> logits, ReadOnlySpan<int> labels, Span<T> probabilities, Span<T> losses)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var classes = Validate(logits, labels, probabilities, nameof(logits), nameof(probabilities));
        if (losses.Length != Width) throw new ArgumentException($"losses: expected {Width}, found {losses.Length}", nameof(losses));
        fixed (T* x = logits, p = probabilities, loss = losses)
        fixed (int* label = labels)
        {
            switch (SimdWidth.Bits)
            {
                case 512: Forward<Simd512<T>, T>(x, label, classes, p, loss); break;
                case 256: Forward<Simd256<T>, T>(x, label, classes, p, loss); break;
                case 128: Forward<Simd128<T>, T>(x, label, classes, p, loss); break;
                default: Forward<SimdScalar<T>, T>(x, label, classes, p, loss); break;
            }
        }
    }

    /// <summary>
    /// Fills gradient [classes][16], which may be the probabilities themselves, with <c>scale (p_k - [k = label])</c>, that of
    /// scale * loss by the logits; 0 for absent samples.
    /// </summary>
    /// <exception cref="ArgumentException">Lengths that do not fit, a partial overlap, or a label of <c>classes</c> or more.</exception>
    public static void Backward<T>(ReadOnlySpan<T> probabilities, ReadOnlySpan<int> labels, T scale, Span<T> gradient)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var classes = Validate(probabilities, labels, gradient, nameof(probabilities), nameof(gradient));
        fixed (T* p = probabilities, d = gradient)
        fixed (int* label = labels)
        {
            switch (SimdWidth.Bits)
            {
                case 512: Backward<Simd512<T>, T>(p, label, scale, classes, d); break;
                case 256: Backward<Simd256<T>, T>(p, label, scale, classes, d); break;
                case 128: Backward<Simd128<T>, T>(p, label, scale, classes, d); break;
                default: Backward<SimdScalar<T>, T>(p, label, scale, classes, d); break;
            }
        }
    }

    [MethodImpl(Compile.Apart)]
    internal static void Forward<V, T>(T* x, int* labels, int classes, T* p, T* losses)
        where V : unmanaged, ISimd<V, T>
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var end = (nint)classes * Width;
        for (var at = 0; at < Width; at += V.Count, x += V.Count, p += V.Count)
        {
            var maximum = SoftmaxPasses<V, T>.Maximum(x + Width, end - Width, Width, V.Load(x));
            V.Store(maximum, losses + at);
            for (var lane = 0; lane < V.Count; lane++)
                if (labels[at + lane] >= 0) losses[at + lane] = x[(nint)labels[at + lane] * Width + lane] - losses[at + lane];

            var sum = SoftmaxPasses<V, T>.Exponentials(x, p, end, Width, maximum, default);
            SoftmaxPasses<V, T>.Divide(p, end, Width, sum);
            V.Store(LogBody<T>.Apply(sum) - V.Load(losses + at), losses + at);
        }

        for (var lane = 0; lane < Width; lane++)
            if (labels[lane] < 0) losses[lane] = default;
    }

    [SkipLocalsInit]
    [MethodImpl(Compile.Apart)]
    internal static void Backward<V, T>(T* p, int* labels, T scale, int classes, T* gradient)
        where V : unmanaged, ISimd<V, T>
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var present = stackalloc T[Width];
        var atLabel = stackalloc T[Width];
        for (var lane = 0; lane < Width; lane++)
        {
            present[lane] = labels[lane] < 0 ? default : FloatFormat<T>.Bits(uint.MaxValue, ulong.MaxValue);
            atLabel[lane] = labels[lane] < 0 ? default : scale * (p[(nint)labels[lane] * Width + lane] - T.One);
        }

        // The mask is a selection, not a product: an absent sample's gradient is 0 whatever its probabilities are.
        for (var at = 0; at < Width; at += V.Count)
        {
            var (mask, factor) = (V.Load(present + at), V.Broadcast(scale));
            for (nint k = at; k < (nint)classes * Width; k += Width) V.Store((factor * V.Load(p + k)) & mask, gradient + k);
        }

        for (var lane = 0; lane < Width; lane++)
            if (labels[lane] >= 0) gradient[(nint)labels[lane] * Width + lane] = atLabel[lane];
    }

    private static int Validate<T>(ReadOnlySpan<T> source, ReadOnlySpan<int> labels, Span<T> destination, string from, string to)
        where T : unmanaged
    {
        ElementType.Validate<T>();
        if (source.IsEmpty || source.Length % Width != 0)
            throw new ArgumentException($"{from}: expected [classes][{Width}] elements, one class or more, found {source.Length}", from);
        SpanGuard.SameLength(source.Length, destination.Length, from, to);
        SpanGuard.SameOrDisjoint(source, (ReadOnlySpan<T>)destination);
        if (labels.Length != Width) throw new ArgumentException($"labels: expected {Width}, found {labels.Length}", nameof(labels));
        var classes = source.Length / Width;
        for (var lane = 0; lane < Width; lane++)
            if (labels[lane] >= classes) throw new ArgumentException($"label of lane {lane}: expected below {classes}, or negative, found {labels[lane]}", nameof(labels));
        return classes;
    }
}
