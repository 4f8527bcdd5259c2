using System.Buffers;

namespace HTensor.Tests.Rnn;

/// <summary>Memory that runs some code when it is read.</summary>
internal sealed class CallingMemory(ReadOnlyMemory<byte> bytes, Action onRead) : MemoryManager<byte>
{
    private readonly byte[] _bytes = bytes.ToArray();

    public override Span<byte> GetSpan()
    {
        onRead();
        return _bytes;
    }

    public override Memory<byte> Memory => CreateMemory(_bytes.Length);

    public override MemoryHandle Pin(int elementIndex = 0) => throw new NotSupportedException();

    public override void Unpin()
    {
    }

    protected override void Dispose(bool disposing)
    {
    }
}
