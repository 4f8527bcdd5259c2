using System.Runtime.InteropServices;

namespace HTensor.Core;

/// <summary>A tensor as safetensors stores it: element type, shape, and its bytes, row-major (last index fastest), little-endian.</summary>
public sealed class SafetensorsTensor
{
    private readonly int[] _shape;

    /// <summary>A tensor over <paramref name="bytes"/>, which are kept, not copied.</summary>
    /// <exception cref="ArgumentException">The shape does not hold as many bytes.</exception>
    public SafetensorsTensor(SafetensorsType type, IReadOnlyList<int> shape, ReadOnlyMemory<byte> bytes)
    {
        var size = SafetensorsTypes.Size(type);
        if (bytes.Length % size != 0)
            throw new ArgumentException($"{type}: expected whole elements of {size} bytes, found {bytes.Length} bytes", nameof(bytes));
        Type = type;
        _shape = ArrayExtent.Validate(shape, bytes.Length / size, nameof(shape));
        Bytes = bytes;
    }

    public SafetensorsType Type { get; }

    public IReadOnlyList<int> Shape => _shape;

    public ReadOnlyMemory<byte> Bytes { get; }

    /// <summary>Number of elements.</summary>
    public int Count => Bytes.Length / SafetensorsTypes.Size(Type);

    /// <summary>A tensor over <paramref name="values"/>, which are kept, not copied.</summary>
    /// <exception cref="ArgumentException">The shape's product is not the number of values.</exception>
    /// <exception cref="NotSupportedException"><typeparamref name="T"/> is no safetensors type.</exception>
    public static SafetensorsTensor Over<T>(ReadOnlyMemory<T> values, params IReadOnlyList<int> shape) where T : unmanaged =>
        new(SafetensorsTypes.Of<T>(), shape, new MemoryBytes<T>(values).Memory);

    /// <summary>A copy of <paramref name="values"/> with a shape; shape [] is one value.</summary>
    /// <exception cref="ArgumentException">The shape's product is not the number of values.</exception>
    /// <exception cref="NotSupportedException"><typeparamref name="T"/> is no safetensors type.</exception>
    public static SafetensorsTensor From<T>(ReadOnlySpan<T> values, params IReadOnlyList<int> shape) where T : unmanaged =>
        new(SafetensorsTypes.Of<T>(), shape, MemoryMarshal.AsBytes(values).ToArray());

    /// <summary>The elements, without a copy. Read <see cref="SafetensorsType.BF16"/> from <see cref="Bytes"/>.</summary>
    /// <exception cref="InvalidOperationException">The tensor's type is not <typeparamref name="T"/>.</exception>
    public ReadOnlySpan<T> As<T>() where T : unmanaged
    {
        var wanted = SafetensorsTypes.Of<T>();
        if (wanted != Type) throw new InvalidOperationException($"safetensors tensor: expected {wanted}, found {Type}");
        return MemoryMarshal.Cast<byte, T>(Bytes.Span);
    }
}
