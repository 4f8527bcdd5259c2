using System.Runtime.InteropServices;

namespace HTensor.Core;

/// <summary>
/// The elements of an npy file of float32 or float64, read block by block: the file may be larger than memory. One in Fortran order is brought into
/// row-major order in memory.
/// </summary>
internal sealed class NpySource : IDenseSource, IDisposable
{
    /// <summary>Elements of an array that is reordered.</summary>
    private const long MostReordered = 1 << 30;

    private readonly FileStream _file;
    private readonly StoredArray _array;
    private readonly DecompositionOptions _options;
    private readonly double[]? _reordered;
    private byte[] _bytes = [];
    private long _elementsRead;

    public NpySource(string path, DecompositionOptions? options = null)
    {
        _options = options ?? new DecompositionOptions();
        _file = InputFile.Open(path);
        try
        {
            _array = Locate(_file, path);
            if (_array.Order == ElementOrder.FirstFastest) _reordered = Reordered(new DataPlace(path));
        }
        catch
        {
            _file.Dispose();
            throw;
        }
    }

    public IReadOnlyList<int> Shape => _array.Shape;

    /// <summary>Single or double.</summary>
    /// <exception cref="InvalidDataException">The file holds no array of these, whole.</exception>
    public static NpyType TypeOf(string path)
    {
        using var file = InputFile.Open(path);
        return Locate(file, path).Type;
    }

    /// <exception cref="InvalidDataException">No mode, or a size of 0.</exception>
    public int[] Sizes()
    {
        if (Shape.Count == 0 || Shape.Contains(0)) throw new DataPlace(Name).Unexpected("shape", "one mode or more, each of at least 1", ArrayExtent.Text(Shape));
        return [.. Shape];
    }

    public NpyType Type => _array.Type;

    public long Length => _array.Length / ElementSize;

    public string Name => _array.File;

    private int ElementSize => _array.Type == NpyType.Single ? sizeof(float) : sizeof(double);

    public void Dispose() => _file.Dispose();

    public DenseBlock Read(long first, int rows, long stride, int count, DenseBuffer buffer)
    {
        if (_reordered is { } all) return new DenseBlock(all.AsSpan((int)first, checked((int)((rows - 1) * stride + count))), (nint)stride);
        var to = buffer.Of(checked(rows * count));
        for (var i = 0; i < rows; i++) ReadRun(first + i * stride, to.Slice(i * count, count));
        return new DenseBlock(to, count);
    }

    private static StoredArray Locate(FileStream file, string path)
    {
        var array = NpyFormat.Locate(file, file, file.Length, new DataPlace(path), ElementOrder.FirstFastest);
        return array.Type is NpyType.Single or NpyType.Double ? array : throw new DataPlace(path).Unexpected("dtype", "float32 or float64", $"{array.Type}");
    }

    private double[] Reordered(DataPlace place)
    {
        if (Length > MostReordered) throw place.Unexpected("Fortran order", $"at most {MostReordered} elements, which are reordered in memory", $"{Length}");
        var (all, buffer, index) = (new double[Length], new DenseBuffer(), new int[Shape.Count]);
        var strides = new int[Shape.Count];
        for (int k = Shape.Count - 1, stride = 1; k >= 0; stride *= Shape[k--]) strides[k] = stride;
        for (int at = 0, to = 0; at < all.Length;)
        {
            var block = buffer.Of(int.Min(DenseBuffer.Aim, all.Length - at));
            ReadRun(at, block);
            at += block.Length;
            foreach (var value in block)
            {
                all[to] = value;
                for (var k = 0; k < index.Length; k++)
                {
                    to += strides[k];
                    if (++index[k] < Shape[k]) break;
                    to -= strides[k] * Shape[k];
                    index[k] = 0;
                }
            }
        }

        return all;
    }

    private void ReadRun(long first, Span<double> to)
    {
        _options.Cancellation.ThrowIfCancellationRequested();
        var offset = _array.Offset + first * ElementSize;
        if (_array.Type == NpyType.Double)
        {
            ReadBytes(MemoryMarshal.AsBytes(to), offset);
        }
        else
        {
            if (_bytes.Length < to.Length * sizeof(float)) _bytes = GC.AllocateUninitializedArray<byte>(to.Length * sizeof(float));
            var bytes = _bytes.AsSpan(0, to.Length * sizeof(float));
            ReadBytes(bytes, offset);
            MemorySource<float>.Widen(MemoryMarshal.Cast<byte, float>(bytes), to);
        }

        _options.ElementsRead?.Report(_elementsRead += to.Length);
    }

    private void ReadBytes(Span<byte> to, long offset)
    {
        while (!to.IsEmpty)
        {
            var read = RandomAccess.Read(_file.SafeFileHandle, to, offset);
            if (read == 0) throw new DataPlace(_array.File).Unexpected("cut short", $"{to.Length} bytes at offset {offset}", "0");
            to = to[read..];
            offset += read;
        }
    }
}
