namespace HTensor.Core;

/// <summary>
/// The elements of a dense tensor, row-major, as doubles, from wherever they are: decompositions compute in double and read an input larger than
/// memory, or of floats, block by block.
/// </summary>
internal interface IDenseSource
{
    long Length { get; }

    /// <summary>
    /// <paramref name="rows"/> runs of <paramref name="count"/> elements, the first from <paramref name="first"/> on, <paramref name="stride"/> apart:
    /// a view of the tensor itself where it can be, else of the buffer, which holds until the next read.
    /// </summary>
    DenseBlock Read(long first, int rows, long stride, int count, DenseBuffer buffer);

    /// <summary>For messages: the tensor, or its file.</summary>
    string Name { get; }
}

/// <summary>Row i of a block stands at <c>i * Stride</c>.</summary>
internal readonly ref struct DenseBlock(ReadOnlySpan<double> data, nint stride)
{
    public ReadOnlySpan<double> Data { get; } = data;

    public nint Stride { get; } = stride;
}

/// <summary>Scratch of one reader, as large as the largest block that it read.</summary>
internal sealed class DenseBuffer
{
    /// <summary>Elements of a block that passes aim at: 16 MiB.</summary>
    public const int Aim = 1 << 21;

    private double[] _values = [];

    public Span<double> Of(int count)
    {
        if (_values.Length < count) _values = GC.AllocateUninitializedArray<double>(count);
        return _values.AsSpan(0, count);
    }
}
