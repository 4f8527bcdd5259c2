using System.Runtime.InteropServices;

namespace HTensor.Core;

/// <summary>The elements of an npy file of float32 or float64, read block by block: the file may be larger than memory.</summary>
internal sealed class NpySource : IDenseSource, IDisposable
{
    private readonly FileStream _file;
    private readonly StoredArray _array;
    private byte[] _bytes = [];

    public NpySource(string path)
    {
        _file = InputFile.Open(path);
        try
        {
            _array = NpyFormat.Locate(_file, _file, _file.Length, new DataPlace(path));
            if (_array.Type is not (NpyType.Single or NpyType.Double)) throw new DataPlace(path).Unexpected("dtype", "float32 or float64", $"{_array.Type}");
        }
        catch
        {
            _file.Dispose();
            throw;
        }
    }

    public IReadOnlyList<int> Shape => _array.Shape;

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
        var to = buffer.Of(checked(rows * count));
        for (var i = 0; i < rows; i++) ReadRun(first + i * stride, to.Slice(i * count, count));
        return new DenseBlock(to, count);
    }

    private void ReadRun(long first, Span<double> to)
    {
        var offset = _array.Offset + first * ElementSize;
        if (_array.Type == NpyType.Double)
        {
            ReadBytes(MemoryMarshal.AsBytes(to), offset);
            return;
        }

        if (_bytes.Length < to.Length * sizeof(float)) _bytes = GC.AllocateUninitializedArray<byte>(to.Length * sizeof(float));
        var bytes = _bytes.AsSpan(0, to.Length * sizeof(float));
        ReadBytes(bytes, offset);
        MemorySource<float>.Widen(MemoryMarshal.Cast<byte, float>(bytes), to);
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
