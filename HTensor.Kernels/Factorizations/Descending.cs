using System.Numerics;

namespace HTensor.Kernels;

/// <summary>Values of a factorization in descending order.</summary>
internal static unsafe class Descending
{
    /// <summary>Sorts the values; order: where each was.</summary>
    public static void Sort(int n, double* values, int* order)
    {
        for (var i = 0; i < n; i++)
        {
            values[i] = -values[i];
            order[i] = i;
        }

        new Span<double>(values, n).Sort(new Span<int>(order, n));
        for (var i = 0; i < n; i++) values[i] = -values[i];
    }

    /// <summary>2^exponent value.</summary>
    public static T Scaled<T>(double value, int exponent)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var near = T.CreateTruncating(value);
        return exponent == 0 ? near : T.ScaleB(near, exponent);
    }
}
