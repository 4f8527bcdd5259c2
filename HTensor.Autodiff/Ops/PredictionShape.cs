using System.Numerics;
using HTensor.Kernels;

namespace HTensor.Autodiff;

/// <summary>What losses over [units, rows, 16] have in common: a label a lane, negative where there is no prediction.</summary>
internal static class PredictionShape
{
    /// <exception cref="ArgumentException">The shapes do not fit targets and labels.</exception>
    public static (int Units, int Rows) Require(string name, IReadOnlyList<IReadOnlyList<int>> inputs, int targets, int labels)
    {
        OperationShape.RequireCount(name, 1, inputs.Count);
        if (inputs[0] is not [var units, var rows, LaneBlock.Width] || units * LaneBlock.Width != labels || labels * rows != targets)
            throw new ArgumentException($"{name}: expected [{labels / LaneBlock.Width}, {targets / Math.Max(1, labels)}, {LaneBlock.Width}], found [{string.Join(", ", inputs[0])}]");
        return (units, rows);
    }

    /// <summary>Predictions, at least 1.</summary>
    public static T Count<T>(ReadOnlySpan<int> labels)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var count = 0;
        foreach (var label in labels) count += label >= 0 ? 1 : 0;
        return T.CreateChecked(Math.Max(1, count));
    }

    /// <summary>Sum of a unit's [rows, 16] over the lanes that count.</summary>
    public static T Sum<T>(ReadOnlySpan<T> terms, ReadOnlySpan<int> labels)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        Span<T> lanes = stackalloc T[LaneBlock.Width];
        lanes.Clear();
        for (var i = 0; i < terms.Length; i += LaneBlock.Width)
        {
            for (var lane = 0; lane < LaneBlock.Width; lane++) lanes[lane] += terms[i + lane];
        }

        var sum = T.Zero;
        for (var lane = 0; lane < LaneBlock.Width; lane++) sum += labels[lane] >= 0 ? lanes[lane] : T.Zero;
        return sum;
    }

    /// <summary>gradient = scale (y - t) where a lane counts, else 0.</summary>
    public static void Difference<T>(ReadOnlySpan<T> y, ReadOnlySpan<T> t, ReadOnlySpan<int> labels, int rows, T scale, Span<T> gradient)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        Span<T> scales = stackalloc T[LaneBlock.Width];
        for (var i = 0; i < gradient.Length; i++)
        {
            var (block, lane) = (i / LaneBlock.Width, i % LaneBlock.Width);
            if (lane == 0 && block % rows == 0)
            {
                for (var l = 0; l < LaneBlock.Width; l++) scales[l] = labels[block / rows * LaneBlock.Width + l] >= 0 ? scale : T.Zero;
            }

            gradient[i] = scales[lane] * (y[i] - t[i]);
        }
    }
}
