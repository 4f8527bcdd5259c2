namespace HTensor.Core;

/// <summary>Counts and texts of array shapes as files state them: nothing in them can be trusted.</summary>
internal static class ArrayExtent
{
    /// <summary>product of the shape times the element size, or false where that leaves 63 bits or a mode size is negative.</summary>
    public static bool TryBytes(ReadOnlySpan<long> shape, int elementSize, out long bytes)
    {
        bytes = 0;
        var product = (Int128)elementSize;
        foreach (var size in shape)
        {
            if (size < 0) return false;
            product *= size;
            if (product > long.MaxValue) return false;
        }

        bytes = (long)product;
        return true;
    }

    /// <summary>Product of a shape that a caller hands over, with its element count checked.</summary>
    /// <exception cref="ArgumentException">A size is negative, or the product is not <paramref name="count"/>.</exception>
    public static int[] Validate(IReadOnlyList<int> shape, int count, string parameter)
    {
        ArgumentNullException.ThrowIfNull(shape, parameter);
        Int128 product = 1;
        foreach (var size in shape)
        {
            if (size < 0) throw new ArgumentException($"shape: expected sizes of 0 or more, found {Text(shape)}", parameter);
            product *= size;
            // A later 0 would undo this, but no array that large can be counted by its caller either.
            if (product > long.MaxValue) break;
        }

        if (product != count) throw new ArgumentException($"shape {Text(shape)}: expected {product} elements, found {count}", parameter);
        return [.. shape];
    }

    public static string Text<T>(IReadOnlyList<T> shape) => $"[{string.Join(", ", shape)}]";
}
