using HTensor.Kernels;
using HTensor.Rnn;

namespace HTensor.Bench;

/// <summary>One clip of noise under many numbers: frames of any size without the memory of a data set.</summary>
internal sealed class RepeatedClip : ISequenceSource
{
    private readonly byte[] _clip;

    public RepeatedClip(int count, int steps, int frameSize)
    {
        (Count, Steps, FrameShape) = (count, steps, [frameSize]);
        _clip = new byte[steps * frameSize];
        var random = new Philox(1);
        for (var i = 0; i < _clip.Length; i++) _clip[i] = (byte)random.NextUInt32();
    }

    public int Count { get; }

    public int Steps { get; }

    public IReadOnlyList<int> FrameShape { get; }

    public FrameElement Element => FrameElement.UInt8;

    public int Length(int sample) => Steps;

    public int Label(int sample) => sample % 2;

    public ReadOnlyMemory<byte> Read(int sample, Memory<byte> scratch) => _clip;
}
