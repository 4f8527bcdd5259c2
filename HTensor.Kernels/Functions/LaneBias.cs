using System.Numerics;
using System.Numerics.Tensors;
using System.Runtime.CompilerServices;

namespace HTensor.Kernels;

/// <summary>A bias over samples in lanes: <c>y[r][lane] = x[r][lane] + bias[r]</c>, forward and backward. Nothing is allocated.</summary>
public static unsafe class LaneBias
{
    private const int Width = LaneBlock.Width;

    /// <summary>destination[r][lane] = source[r][lane] + bias[r]; the destination may be the source itself.</summary>
    /// <exception cref="ArgumentException">Source and destination are not [rows][16] for bias [rows], or overlap in part.</exception>
    public static void Add<T>(ReadOnlySpan<T> source, ReadOnlySpan<T> bias, Span<T> destination)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        ElementType.Validate<T>();
        if (source.Length != (long)bias.Length * Width)
            throw new ArgumentException($"source: expected [{bias.Length}][{Width}] elements, found {source.Length}", nameof(source));
        SpanGuard.SameLength(source.Length, destination.Length, nameof(source), nameof(destination));
        SpanGuard.SameOrDisjoint(source, (ReadOnlySpan<T>)destination);
        fixed (T* x = source, b = bias, y = destination)
        {
            switch (SimdWidth.Bits)
            {
                case 512: Add<Simd512<T>, T>(x, b, bias.Length, y); break;
                case 256: Add<Simd256<T>, T>(x, b, bias.Length, y); break;
                case 128: Add<Simd128<T>, T>(x, b, bias.Length, y); break;
                default: Add<SimdScalar<T>, T>(x, b, bias.Length, y); break;
            }
        }
    }

    /// <summary>
    /// sums[r][lane] += gradient[r][lane], the gradient of the bias with its samples still apart: call it block after block, and end with
    /// <see cref="LaneProduct.SumLanes"/>.
    /// </summary>
    /// <exception cref="ArgumentException">The lengths differ or are no multiple of 16, or the spans overlap in part.</exception>
    public static void Accumulate<T>(ReadOnlySpan<T> gradient, Span<T> sums)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        ElementType.Validate<T>();
        if (gradient.Length % Width != 0) throw new ArgumentException($"gradient: expected [rows][{Width}] elements, found {gradient.Length}", nameof(gradient));
        SpanGuard.SameLength(gradient.Length, sums.Length, nameof(gradient), nameof(sums));
        SpanGuard.SameOrDisjoint(gradient, (ReadOnlySpan<T>)sums);
        TensorPrimitives.Add(sums, gradient, sums);
    }

    [MethodImpl(Compile.Apart)]
    private static void Add<V, T>(T* x, T* bias, int rows, T* y)
        where V : unmanaged, ISimd<V, T>
        where T : unmanaged
    {
        for (var r = 0; r < rows; r++, x += Width, y += Width)
        {
            var b = V.Broadcast(bias[r]);
            for (var at = 0; at < Width; at += V.Count) V.Store(V.Load(x + at) + b, y + at);
        }
    }
}
