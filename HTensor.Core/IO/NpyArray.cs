using System.Runtime.InteropServices;
using System.Text;

namespace HTensor.Core;

/// <summary>
/// An array as npy stores it: element type, shape and its bytes, row-major (last index fastest), little-endian. Shape [] is one value.
/// </summary>
public sealed class NpyArray
{
    internal NpyArray(NpyType type, int elementSize, int[] shape, ReadOnlyMemory<byte> bytes)
    {
        Type = type;
        ElementSize = elementSize;
        Shape = Array.AsReadOnly(shape);
        Bytes = bytes;
    }

    public NpyType Type { get; }

    /// <summary>Bytes of one element; for strings four a code point.</summary>
    public int ElementSize { get; }

    public IReadOnlyList<int> Shape { get; }

    public ReadOnlyMemory<byte> Bytes { get; }

    /// <summary>Number of elements.</summary>
    public int Count => Bytes.Length / ElementSize;

    /// <summary>A copy of <paramref name="values"/> with a shape; no shape means [length].</summary>
    /// <exception cref="ArgumentException">The shape's product is not the number of values.</exception>
    /// <exception cref="NotSupportedException"><typeparamref name="T"/> is no npy type.</exception>
    public static NpyArray From<T>(ReadOnlySpan<T> values, params IReadOnlyList<int> shape) where T : unmanaged
    {
        var type = NpyTypes.Of<T>();
        var sizes = shape is { Count: 0 } && values.Length != 1 ? [values.Length] : ArrayExtent.Validate(shape, values.Length, nameof(shape));
        return new NpyArray(type, NpyTypes.Size(type), sizes, MemoryMarshal.AsBytes(values).ToArray());
    }

    /// <summary>Strings [length], each padded with zeros to the longest. Zeros at a string's end are lost, as in numpy.</summary>
    public static NpyArray FromStrings(IReadOnlyList<string> values)
    {
        ArgumentNullException.ThrowIfNull(values);
        var width = 1;
        foreach (var value in values) width = Math.Max(width, CodePoints(value));
        var bytes = new byte[checked(values.Count * width * sizeof(int))];
        var codePoints = MemoryMarshal.Cast<byte, int>(bytes.AsSpan());
        for (var i = 0; i < values.Count; i++)
        {
            var at = i * width;
            foreach (var rune in values[i].EnumerateRunes()) codePoints[at++] = rune.Value;
        }

        return new NpyArray(NpyType.Unicode, width * sizeof(int), [values.Count], bytes);
    }

    /// <summary>The elements, without a copy.</summary>
    /// <exception cref="InvalidOperationException">The array's type is not <typeparamref name="T"/>.</exception>
    public ReadOnlySpan<T> As<T>() where T : unmanaged
    {
        if (NpyTypes.Of<T>() != Type) throw new InvalidOperationException($"npy array: expected {NpyTypes.Of<T>()}, found {Type}");
        return MemoryMarshal.Cast<byte, T>(Bytes.Span);
    }

    /// <summary>The elements of a string array.</summary>
    /// <exception cref="InvalidOperationException">The array holds no strings.</exception>
    public string[] Strings()
    {
        if (Type != NpyType.Unicode) throw new InvalidOperationException($"npy array: expected {NpyType.Unicode}, found {Type}");
        var strings = new string[Count];
        for (var i = 0; i < strings.Length; i++) strings[i] = Encoding.UTF32.GetString(Trimmed(i));
        return strings;
    }

    private static int CodePoints(string value)
    {
        var count = 0;
        foreach (var _ in value.EnumerateRunes()) count++;
        return count;
    }

    private ReadOnlySpan<byte> Trimmed(int index)
    {
        var element = Bytes.Span.Slice(index * ElementSize, ElementSize);
        var codePoints = MemoryMarshal.Cast<byte, int>(element).TrimEnd(0);
        return element[..(codePoints.Length * sizeof(int))];
    }
}
