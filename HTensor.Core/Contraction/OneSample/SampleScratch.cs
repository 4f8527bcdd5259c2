using HTensor.Kernels;

namespace HTensor.Core;

/// <summary>Two buffers in turn for the activations of one sample; one thread uses them at a time.</summary>
public sealed class SampleScratch
{
    private readonly AlignedBuffer<float> _first, _second;
    private bool _turned;

    public SampleScratch(SampleContraction contraction)
    {
        ArgumentNullException.ThrowIfNull(contraction);
        (_first, _second) = (new AlignedBuffer<float>(contraction.ScratchLength), new AlignedBuffer<float>(contraction.ScratchLength));
    }

    internal Span<float> Present => (_turned ? _second : _first).Span;

    internal Span<float> Next => (_turned ? _first : _second).Span;

    /// <summary>What was written last becomes what is read next.</summary>
    internal void Turn() => _turned = !_turned;
}
