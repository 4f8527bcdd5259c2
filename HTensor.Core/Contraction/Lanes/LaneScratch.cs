using System.Numerics;
using HTensor.Kernels;

namespace HTensor.Core;

/// <summary>One thread's activations and gradients of a chain, one buffer for the input of each step.</summary>
internal sealed class LaneScratch<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly AlignedBuffer<T>[] _activations;
    private readonly AlignedBuffer<T>[] _gradients;

    public LaneScratch(IReadOnlyList<LaneStep<T>> steps)
    {
        _activations = [.. steps.Select(step => new AlignedBuffer<T>(step.InputLength * LaneBlock.Width))];
        _gradients = [.. steps.Select(step => new AlignedBuffer<T>(step.InputLength * LaneBlock.Width))];
    }

    /// <summary>What enters step <paramref name="step"/>.</summary>
    public Span<T> Activation(int step) => _activations[step].Span;

    /// <summary>The gradient of what enters step <paramref name="step"/>.</summary>
    public Span<T> Gradient(int step) => _gradients[step].Span;
}
