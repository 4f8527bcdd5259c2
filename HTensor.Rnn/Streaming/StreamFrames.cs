using HTensor.Core;
using HTensor.Kernels;

namespace HTensor.Rnn;

/// <summary>The frames of a step of some streams, as the contraction reads them: stream s is lane s mod 16 of unit s / 16.</summary>
internal sealed class StreamFrames(StreamWeights weights, int streams) : ILaneInput<float>
{
    private readonly ReadOnlyMemory<byte>[] _frames = new ReadOnlyMemory<byte>[LaneBlock.Count(streams) * LaneBlock.Width];
    private FrameElement _element;

    /// <summary>Whether a stream has a frame in this step.</summary>
    public bool Has(int stream) => !_frames[stream].IsEmpty;

    /// <summary>Takes the frames of a step; an empty one is a stream that rests.</summary>
    public void Set(ReadOnlySpan<ReadOnlyMemory<byte>> frames, FrameElement element)
    {
        frames.CopyTo(_frames);
        _element = element;
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
        else LaneUnpack.Floats<float>(frames, first, count, weights.Scale, weights.Shift, destination);
    }
}
