using HTensor.Kernels;

namespace HTensor.Core;

/// <summary>A sum of many numbers with an error of its own size's rounding, whatever their number (Neumaier).</summary>
internal struct CompensatedSum
{
    private double _sum;
    private double _lost;

    public readonly double Value => _sum + _lost;

    public void Add(double value)
    {
        var sum = _sum + value;
        _lost += Math.Abs(_sum) >= Math.Abs(value) ? _sum - sum + value : value - sum + _sum;
        _sum = sum;
    }
}

/// <summary>The norm of a source, and what to do where squares leave the range of double or an element is not finite.</summary>
internal static class SourceNorm
{
    /// <summary>Elements whose squares are summed in double at a time, whatever the blocks.</summary>
    private const int Part = 4096;

    /// <summary>Below this a square sum may have lost digits to numbers too small to square.</summary>
    private const double SmallestSquares = 1e-200;

    /// <summary>Adds the squares of a block's rows.</summary>
    public static void AddSquares(ReadOnlySpan<double> values, ref CompensatedSum sum)
    {
        for (var at = 0; at < values.Length; at += Part) sum.Add(SumOfSquares.Of(values.Slice(at, Math.Min(Part, values.Length - at))));
    }

    public static double Squares(IDenseSource source, DenseBuffer buffer)
    {
        var sum = default(CompensatedSum);
        for (long at = 0; at < source.Length; at += DenseBuffer.Aim)
        {
            var count = (int)Math.Min(DenseBuffer.Aim, source.Length - at);
            AddSquares(source.Read(at, 1, count, count, buffer).Data, ref sum);
        }

        return sum.Value;
    }

    /// <summary>True where a sum of squares is exact up to rounding.</summary>
    public static bool IsSafe(double squares) => double.IsFinite(squares) && squares >= SmallestSquares;

    /// <summary>The power of two that brings the largest element near 1; 0 for zeros alone.</summary>
    /// <exception cref="ArgumentException">An element is not finite; the message names it. For a file an <see cref="InvalidDataException"/>.</exception>
    public static int ScaleExponent(IDenseSource source, DenseBuffer buffer)
    {
        var largest = 0.0;
        for (long at = 0; at < source.Length; at += DenseBuffer.Aim)
        {
            var count = (int)Math.Min(DenseBuffer.Aim, source.Length - at);
            var values = source.Read(at, 1, count, count, buffer).Data;
            for (var i = 0; i < count; i++)
            {
                if (!double.IsFinite(values[i])) throw NotFinite(source, at + i, values[i]);
                largest = Math.Max(largest, Math.Abs(values[i]));
            }
        }

        return largest == 0 ? 0 : -Math.ILogB(largest);
    }

    private static Exception NotFinite(IDenseSource source, long index, double value)
    {
        var text = double.IsNaN(value) ? "NaN" : value > 0 ? "Infinity" : "-Infinity";
        return source is NpySource
            ? new DataPlace(source.Name).Unexpected($"element {index}", "a finite number", text)
            : new ArgumentException($"tensor, element {index}: expected a finite number, found {text}");
    }
}
