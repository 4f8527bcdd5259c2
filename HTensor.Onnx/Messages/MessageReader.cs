using System.Diagnostics.CodeAnalysis;
using System.Text;
using Google.Protobuf;

namespace HTensor.Onnx;

/// <summary>The fields of one message of protobuf in the bytes of a file. Nested messages and tensors are ranges of the same bytes.</summary>
[SuppressMessage("Reliability", "CA1001", Justification = "A stream over bytes holds nothing that must be released.")]
internal sealed class MessageReader(byte[] bytes, int start, int length)
{
    private readonly CodedInputStream _stream = new(bytes, start, length);
    private uint _tag;

    public int Field => WireFormat.GetTagFieldNumber(_tag);

    public bool IsRange => WireFormat.GetTagWireType(_tag) == WireFormat.WireType.LengthDelimited;

    /// <summary>Moves to the next field.</summary>
    public bool Next() => (_tag = _stream.ReadTag()) != 0;

    /// <summary>Whether the field is one of a number, of four bytes or of a range of bytes, as it must be; another is passed over.</summary>
    public bool Is(int field, WireFormat.WireType type) => Field == field && WireFormat.GetTagWireType(_tag) == type;

    public void Skip() => _stream.SkipLastField();

    public long Number() => _stream.ReadInt64();

    public float Single() => _stream.ReadFloat();

    /// <summary>Where a field of bytes lies.</summary>
    public (int Start, int Length) Range()
    {
        var before = (int)_stream.Position;
        _stream.SkipLastField();
        var after = (int)_stream.Position;
        var size = new CodedInputStream(bytes, before, after - before).ReadLength();
        return (after - size, size);
    }

    public MessageReader Message()
    {
        var (first, size) = Range();
        return new MessageReader(bytes, first, size);
    }

    public string Text()
    {
        var (first, size) = Range();
        return Encoding.UTF8.GetString(bytes, first, size);
    }

    public ReadOnlyMemory<byte> Bytes()
    {
        var (first, size) = Range();
        return bytes.AsMemory(first, size);
    }

    /// <summary>Numbers that stand in a range, or one.</summary>
    public IEnumerable<long> Numbers()
    {
        if (!IsRange)
        {
            yield return Number();
            yield break;
        }

        var (first, size) = Range();
        var numbers = new CodedInputStream(bytes, first, size);
        while (!numbers.IsAtEnd) yield return numbers.ReadInt64();
    }
}
