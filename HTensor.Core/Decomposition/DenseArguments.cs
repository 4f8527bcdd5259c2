using System.Numerics;
using System.Numerics.Tensors;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using HTensor.Kernels;

namespace HTensor.Core;

/// <summary>A caller's dense tensor, checked.</summary>
internal static class DenseArguments
{
    /// <exception cref="ArgumentException">No mode, a size below 1, or another product than the number of values.</exception>
    public static int[] Sizes<T>(ReadOnlySpan<int> modeSizes, long count)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        ElementType.Validate<T>();
        if (modeSizes.IsEmpty) throw new ArgumentException("tensor: expected one mode or more, found none");
        Int128 product = 1;
        foreach (var size in modeSizes)
        {
            if (size < 1) throw new ArgumentException($"tensor {Text(modeSizes)}: expected mode sizes of at least 1, found {size}");
            product *= size;
            if (product > long.MaxValue) throw new ArgumentException($"tensor {Text(modeSizes)}: expected a product of mode sizes within 63 bits, found more");
        }

        if (product != count) throw new ArgumentException($"tensor {Text(modeSizes)}: expected {product} values, found {count}");
        return modeSizes.ToArray();
    }

    /// <summary>Shape and elements of a tensor span; they are copied only where they do not lie row by row.</summary>
    public static int[] Of<T>(in ReadOnlyTensorSpan<T> tensor, out ReadOnlySpan<T> values)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var sizes = new int[tensor.Lengths.Length];
        for (var k = 0; k < sizes.Length; k++) sizes[k] = checked((int)tensor.Lengths[k]);
        var length = checked((int)tensor.FlattenedLength);
        if (length > 0 && IsRowMajor(tensor))
        {
            values = MemoryMarshal.CreateReadOnlySpan(ref Unsafe.AsRef(in tensor.GetPinnableReference()), length);
        }
        else
        {
            var copy = new T[length];
            tensor.FlattenTo(copy);
            values = copy;
        }

        return Sizes<T>(sizes, length);
    }

    private static bool IsRowMajor<T>(in ReadOnlyTensorSpan<T> tensor)
    {
        nint expected = 1;
        for (var k = tensor.Lengths.Length - 1; k >= 0; k--)
        {
            if (tensor.Lengths[k] != 1 && tensor.Strides[k] != expected) return false;
            expected *= tensor.Lengths[k];
        }

        return true;
    }

    private static string Text(ReadOnlySpan<int> sizes) => ArrayExtent.Text(sizes.ToArray());
}
