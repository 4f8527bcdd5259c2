using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using HTensor.Core;
using HTensor.Kernels;

namespace HTensor.Rnn;

/// <summary>The frames of a step of some streams, as the first contraction reads them: stream s is lane s mod 16 of unit s / 16.</summary>
internal sealed class StreamFrames(StreamWeights weights, int streams) : ILaneInput<float>
{
    private static readonly float[] One = [1], Zero = [0];

    private readonly ReadOnlyMemory<byte>[] _frames = new ReadOnlyMemory<byte>[LaneBlock.Count(streams) * LaneBlock.Width];
    private readonly byte[]?[] _copies = new byte[]?[streams];
    private FrameElement _element;

    /// <summary>Whether a stream has a frame in this step.</summary>
    public bool Has(int stream) => !_frames[stream].IsEmpty;

    /// <summary>Takes a stream's frame, or none where it rests. What stands before the first layer is run here; floats are copied, bytes are not.</summary>
    public void Set<TSource>(int stream, ReadOnlyMemory<TSource> frame, StreamScratch scratch)
        where TSource : unmanaged
    {
        var bytes = typeof(TSource) == typeof(byte) && weights.Front is null;
        _element = bytes ? FrameElement.UInt8 : FrameElement.Single;
        if (frame.IsEmpty)
        {
            _frames[stream] = default;
        }
        else if (weights.Front is { } front)
        {
            front.Run(frame.Span, weights.Scale, weights.Shift, scratch.Frame.Span, scratch.Front.Span);
            _frames[stream] = Copy(stream, scratch.Front.Span);
        }
        else if (bytes)
        {
            _frames[stream] = Unsafe.As<ReadOnlyMemory<TSource>, ReadOnlyMemory<byte>>(ref frame);
        }
        else
        {
            _frames[stream] = Copy(stream, MemoryMarshal.Cast<TSource, float>(frame.Span));
        }
    }

    public bool IsActive(int unit)
    {
        foreach (var frame in _frames.AsSpan(unit * LaneBlock.Width, LaneBlock.Width))
            if (!frame.IsEmpty) return true;
        return false;
    }

    public void Read(int unit, int first, int count, Span<float> destination)
    {
        var frames = _frames.AsSpan(unit * LaneBlock.Width, LaneBlock.Width);
        if (_element == FrameElement.UInt8) LaneUnpack.Bytes<float>(frames, first, count, weights.Scale, weights.Shift, destination);
        else if (weights.Front is null) LaneUnpack.Floats<float>(frames, first, count, weights.Scale, weights.Shift, destination);
        else LaneUnpack.Floats<float>(frames, first, count, One, Zero, destination);
    }

    private Memory<byte> Copy(int stream, ReadOnlySpan<float> values)
    {
        var copy = _copies[stream] ??= new byte[values.Length * sizeof(float)];
        MemoryMarshal.AsBytes(values).CopyTo(copy);
        return copy;
    }
}
