using System.Diagnostics.CodeAnalysis;
using Google.Protobuf;

namespace HTensor.Onnx;

/// <summary>One message of protobuf, field after field.</summary>
[SuppressMessage("Reliability", "CA1001:Types that own disposable fields should be disposable", Justification = "Both streams are memory alone.")]
internal sealed class MessageWriter
{
    private readonly MemoryStream _bytes = new();
    private readonly CodedOutputStream _stream;

    public MessageWriter() => _stream = new CodedOutputStream(_bytes);

    public ReadOnlyMemory<byte> Bytes
    {
        get
        {
            _stream.Flush();
            return _bytes.GetBuffer().AsMemory(0, (int)_bytes.Length);
        }
    }

    public MessageWriter Number(int field, long value)
    {
        _stream.WriteTag(field, WireFormat.WireType.Varint);
        _stream.WriteInt64(value);
        return this;
    }

    public MessageWriter Single(int field, float value)
    {
        _stream.WriteTag(field, WireFormat.WireType.Fixed32);
        _stream.WriteFloat(value);
        return this;
    }

    public MessageWriter Text(int field, string value)
    {
        _stream.WriteTag(field, WireFormat.WireType.LengthDelimited);
        _stream.WriteString(value);
        return this;
    }

    public MessageWriter Content(int field, ReadOnlyMemory<byte> bytes)
    {
        _stream.WriteTag(field, WireFormat.WireType.LengthDelimited);
        _stream.WriteBytes(UnsafeByteOperations.UnsafeWrap(bytes));
        return this;
    }

    public MessageWriter Message(int field, MessageWriter message) => Content(field, message.Bytes);
}
