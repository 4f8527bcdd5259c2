using HTensor.Core;
using HTensor.Kernels;

namespace HTensor.Autodiff;

/// <summary>Activations in memory, [units, features, 16], as the input of a contraction.</summary>
internal sealed class LaneValues<T>(int features, Predicate<int>? isActive) : ILaneInput<T>
{
    public Memory<T> Blocks { get; set; }

    public bool IsActive(int unit) => isActive is null || isActive(unit);

    public void Read(int unit, int first, int count, Span<T> destination) =>
        Blocks.Span.Slice((unit * features + first) * LaneBlock.Width, count * LaneBlock.Width).CopyTo(destination);
}
