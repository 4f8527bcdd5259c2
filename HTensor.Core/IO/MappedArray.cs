using System.Buffers;
using System.IO.MemoryMappedFiles;

namespace HTensor.Core;

/// <summary>
/// The bytes of a stored array, mapped into memory and not read: the system brings in what is touched and drops it when memory is short. The
/// mapping lives as long as any piece of it. The file must not be shortened meanwhile: a page that is gone ends the process.
/// </summary>
internal sealed class MappedArray
{
    private readonly Pages[] _pieces;

    /// <param name="array">The array.</param>
    /// <param name="pieceLength">Bytes of a piece, below the largest array; the last piece may be shorter.</param>
    public MappedArray(StoredArray array, int pieceLength)
    {
        using var stream = InputFile.Open(array.File);
        using var file = MemoryMappedFile.CreateFromFile(stream, null, 0, MemoryMappedFileAccess.Read, HandleInheritability.None, leaveOpen: true);
        var view = file.CreateViewAccessor(array.Offset, array.Length, MemoryMappedFileAccess.Read);
        _pieces = new Pages[(array.Length + pieceLength - 1) / pieceLength];
        for (var i = 0; i < _pieces.Length; i++)
            _pieces[i] = new Pages(view, (long)i * pieceLength, (int)Math.Min(pieceLength, array.Length - (long)i * pieceLength));
    }

    public ReadOnlyMemory<byte> Piece(int index) => _pieces[index].Memory;

    /// <summary>Memory over mapped pages. It holds their view, so that they stay.</summary>
    private sealed unsafe class Pages : MemoryManager<byte>
    {
        private readonly MemoryMappedViewAccessor _view;
        private readonly byte* _start;
        private readonly int _length;

        public Pages(MemoryMappedViewAccessor view, long offset, int length)
        {
            byte* begin = null;
            view.SafeMemoryMappedViewHandle.AcquirePointer(ref begin);
            view.SafeMemoryMappedViewHandle.ReleasePointer();
            _start = begin + view.PointerOffset + offset;
            (_view, _length) = (view, length);
        }

        public override Span<byte> GetSpan()
        {
            var span = new Span<byte>(_start, _length);
            GC.KeepAlive(_view);
            return span;
        }

        public override MemoryHandle Pin(int elementIndex = 0) => new(_start + elementIndex);

        public override void Unpin()
        {
        }

        protected override void Dispose(bool disposing)
        {
        }
    }
}
