using HTensor.Core;
using HTensor.Kernels;

namespace HTensor.Rnn;

/// <summary>What a step of one stream writes on its way.</summary>
internal sealed class StreamScratch
{
    public StreamScratch(StreamWeights weights)
    {
        Input = new SampleScratch(weights.Input);
        Gates = new AlignedBuffer<float>(weights.Bias.Length);
        Logits = new AlignedBuffer<float>(checked(weights.ReadoutBias.Length * LaneBlock.Width));
    }

    public SampleScratch Input { get; }

    /// <summary>[4 H]</summary>
    public AlignedBuffer<float> Gates { get; }

    /// <summary>[classes, 16]; a single stream is lane 0.</summary>
    public AlignedBuffer<float> Logits { get; }
}
