using HTensor.Core;
using HTensor.Kernels;

namespace HTensor.Rnn;

/// <summary>What a step of one stream writes on its way.</summary>
internal sealed class StreamScratch
{
    public StreamScratch(StreamWeights weights)
    {
        Inputs = [.. weights.Layers.Select(layer => new SampleScratch(layer.Input))];
        Padded = [.. weights.Layers.Select(layer => new AlignedBuffer<float>(layer.Input.Inputs > layer.Layout.Inputs ? layer.Input.Inputs : 0))];
        Gates = new AlignedBuffer<float>(weights.Layers.Max(layer => layer.GateRows * layer.Hidden));
        Row = new AlignedBuffer<float>(weights.Layers.Max(layer => layer.Hidden));
        Outputs = new AlignedBuffer<float>(checked(weights.Outputs * LaneBlock.Width));
        if (weights.Front is not { } front) return;
        (Frame, Front) = (new AlignedBuffer<float>(weights.Layout.FrameSize), new AlignedBuffer<float>(front.Outputs));
    }

    /// <summary>Of each layer's input matrix.</summary>
    public SampleScratch[] Inputs { get; }

    /// <summary>What each layer reads, and the padding that its input matrix has; empty where it has none.</summary>
    public AlignedBuffer<float>[] Padded { get; }

    /// <summary>Gate rows of the layer that needs most.</summary>
    public AlignedBuffer<float> Gates { get; }

    /// <summary>[H]</summary>
    public AlignedBuffer<float> Row { get; }

    /// <summary>[outputs, 16]; a single stream is lane 0.</summary>
    public AlignedBuffer<float> Outputs { get; }

    /// <summary>A scaled frame, where something stands before the first layer.</summary>
    public AlignedBuffer<float> Frame { get; } = new(0);

    /// <summary>What stands before the first layer gives.</summary>
    public AlignedBuffer<float> Front { get; } = new(0);
}
