using System.Numerics;
using HTensor.Kernels;

namespace HTensor.Core;

/// <summary>What one thread needs to run a chain.</summary>
internal sealed class LaneScratch<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly AlignedBuffer<T>[] _activations, _gradients, _weightGradients;

    /// <param name="chain">The chain.</param>
    /// <param name="keepsAll">Whether activations of whole units are kept elsewhere, so that only tiles need a place.</param>
    public LaneScratch(LaneChain<T> chain, bool keepsAll)
    {
        _activations = [.. chain.Steps.Select((step, i) => Blocks(keepsAll && i >= chain.TiledSteps ? 0 : step.InputLength))];
        _gradients = [.. chain.Steps.Select((step, i) => Blocks(i < chain.TiledSteps ? 0 : step.InputLength))];
        _weightGradients = [.. chain.Steps.Select(step => Blocks(step.GradientLength))];

        static AlignedBuffer<T> Blocks(int count) => new(checked(count * LaneBlock.Width));
    }

    /// <summary>What enters step <paramref name="step"/>; in a tile, then its gradient, which nothing needs before the weight's is there.</summary>
    public Span<T> Activation(int step) => _activations[step].Span;

    /// <summary>The gradient of what enters a step that runs once a unit.</summary>
    public Span<T> Gradient(int step) => _gradients[step].Span;

    /// <summary>The gradient of a step's weight, samples apart.</summary>
    public Span<T> WeightGradient(int step) => _weightGradients[step].Span;
}
