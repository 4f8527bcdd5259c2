using System.Numerics;
using HTensor.Core;
using HTensor.Kernels;

namespace HTensor.Rnn;

/// <summary>Features of another input, and zeros behind them.</summary>
internal sealed class PaddedInput<T>(ILaneInput<T> input, int features) : ILaneInput<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>The input itself where a matrix has no padding.</summary>
    public static ILaneInput<T> For(GateLayout layout, ILaneInput<T> input) =>
        layout.Inputs == layout.Network.Modes.Rows ? input : new PaddedInput<T>(input, layout.Inputs);

    public bool IsActive(int unit) => input.IsActive(unit);

    public void Read(int unit, int first, int count, Span<T> destination)
    {
        var there = Math.Clamp(features - first, 0, count);
        if (there > 0) input.Read(unit, first, there, destination[..(there * LaneBlock.Width)]);
        destination[(there * LaneBlock.Width)..(count * LaneBlock.Width)].Clear();
    }
}
