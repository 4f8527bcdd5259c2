using System.Numerics;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using HTensor.Kernels;

namespace HTensor.Autodiff;

/// <summary>
/// A model's parameters in a fixed order, all values in one aligned buffer without gaps, zero at first: an optimizer, a norm or a checkpoint walks
/// <see cref="Values"/> once and never asks how many parameters there are.
/// </summary>
public sealed class ParameterSet<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly AlignedBuffer<T> _values;
    private readonly Dictionary<string, Parameter<T>> _byName = new(StringComparer.Ordinal);
    private readonly Parameter<T>[] _items;

    /// <exception cref="ArgumentException">A name is empty or used twice, a size is below 1, or the values are more than an int counts.</exception>
    /// <exception cref="NotSupportedException">T is neither float nor double.</exception>
    public ParameterSet(IReadOnlyList<ParameterShape> shapes)
    {
        ElementType.Validate<T>();
        ArgumentNullException.ThrowIfNull(shapes);
        _values = new AlignedBuffer<T>(TotalLength(shapes));
        _items = new Parameter<T>[shapes.Count];
        var offset = 0;
        for (var i = 0; i < _items.Length; i++)
        {
            // A copy of the sizes: a caller's list may change, a shape may not.
            var shape = new ParameterShape(shapes[i].Name, [.. shapes[i].Sizes]);
            _items[i] = new Parameter<T>(shape, offset, _values.Memory.Slice(offset, shape.Length));
            if (!_byName.TryAdd(shape.Name, _items[i]))
                throw new ArgumentException($"parameter {i}: expected a name of its own, found '{shape.Name}' a second time", nameof(shapes));
            offset += shape.Length;
        }
    }

    public IReadOnlyList<Parameter<T>> Items => _items;

    /// <summary>All values, parameter after parameter.</summary>
    public Span<T> Values => _values.Span;

    public Memory<T> Memory => _values.Memory;

    /// <summary>Values of all parameters.</summary>
    public int Length => _values.Length;

    /// <exception cref="ArgumentException">No parameter has that name.</exception>
    public Parameter<T> this[string name] => _byName.TryGetValue(name, out var parameter)
        ? parameter
        : throw new ArgumentException($"parameter: expected one of {string.Join(", ", _byName.Keys)}, found '{name}'", nameof(name));

    /// <summary>Takes the values of a set of the same names and shapes in the same order.</summary>
    /// <exception cref="ArgumentException">The sets differ.</exception>
    public void CopyFrom(ParameterSet<T> source)
    {
        ArgumentNullException.ThrowIfNull(source);
        if (source._items.Length != _items.Length)
            throw new ArgumentException($"parameters: expected {_items.Length}, found {source._items.Length}", nameof(source));
        for (var i = 0; i < _items.Length; i++)
        {
            var (expected, found) = (_items[i].Shape, source._items[i].Shape);
            if (expected != found) throw new ArgumentException($"parameter {i}: expected {expected}, found {found}", nameof(source));
        }

        source.Values.CopyTo(Values);
    }

    /// <summary>
    /// SHA-256 of all values' bytes in order, as lower-case hexadecimal digits: two runs trained the same weights if and only if these agree. The
    /// bytes are the machine's own, little-endian on every platform HTensor is built for; a big-endian machine would need them reversed.
    /// </summary>
    public string Sha256()
    {
        // In slices: the bytes of a large set are more than an int counts.
        const int Slice = 1 << 20;
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        for (var at = 0; at < Length; at += Slice)
            hash.AppendData(MemoryMarshal.AsBytes<T>(_values.Slice(at, int.Min(Slice, Length - at))));
        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    private static int TotalLength(IReadOnlyList<ParameterShape> shapes)
    {
        long total = 0;
        for (var i = 0; i < shapes.Count; i++)
        {
            var shape = shapes[i] ?? throw new ArgumentException($"parameter {i}: expected a shape, found null", nameof(shapes));
            if (string.IsNullOrEmpty(shape.Name))
                throw new ArgumentException($"name of parameter {i}: expected at least one letter, found none", nameof(shapes));
            if (shape.Sizes is null) throw new ArgumentException($"sizes of {shape.Name}: expected a list, found null", nameof(shapes));
            total += LengthOf(shape);
            if (total > Array.MaxLength)
                throw new ArgumentException($"values up to {shape.Name}: expected at most {Array.MaxLength}, found {total}", nameof(shapes));
        }

        return (int)total;
    }

    private static long LengthOf(ParameterShape shape)
    {
        long length = 1;
        for (var mode = 0; mode < shape.Sizes.Count; mode++)
        {
            if (shape.Sizes[mode] < 1)
                throw new ArgumentException($"size of mode {mode} of {shape}: expected at least 1, found {shape.Sizes[mode]}", nameof(shape));
            // Beyond an int the exact length no longer matters, and stopping there keeps the product within a long.
            length = long.Min(length * shape.Sizes[mode], int.MaxValue);
        }

        return length;
    }
}
