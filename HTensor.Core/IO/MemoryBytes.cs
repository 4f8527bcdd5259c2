using System.Buffers;
using System.Runtime.InteropServices;

namespace HTensor.Core;

/// <summary>The bytes of typed memory, seen as memory of bytes: nothing is copied.</summary>
internal sealed class MemoryBytes<T>(ReadOnlyMemory<T> values) : MemoryManager<byte>
    where T : unmanaged
{
    public override Span<byte> GetSpan() => MemoryMarshal.AsBytes(MemoryMarshal.AsMemory(values).Span);

    public override unsafe MemoryHandle Pin(int elementIndex = 0)
    {
        var handle = values.Pin();
        return new MemoryHandle((byte*)handle.Pointer + elementIndex, default, new Unpinner(handle));
    }

    public override void Unpin()
    {
    }

    protected override void Dispose(bool disposing)
    {
    }

    /// <summary>Holds the pin of the values until the pin of the bytes is given back.</summary>
    private sealed class Unpinner(MemoryHandle handle) : IPinnable
    {
        public MemoryHandle Pin(int elementIndex) => throw new NotSupportedException();

        public void Unpin() => handle.Dispose();
    }
}
