using System.Numerics;
using System.Numerics.Tensors;

namespace HTensor.Core;

/// <summary>Keeps numbers in range by powers of two, which change no digit.</summary>
internal static class Balance
{
    /// <summary>Divides all by the power of two that makes the largest magnitude 1 to below 2, and gives its exponent; 0 for zeros and what is not finite.</summary>
    public static int Divide<T>(Span<T> values)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var largest = T.Abs(TensorPrimitives.MaxMagnitude<T>(values));
        if (T.IsZero(largest) || !T.IsFinite(largest)) return 0;
        var exponent = T.ILogB(largest);
        Scale(values, -exponent);
        return exponent;
    }

    /// <summary>values 2^exponent.</summary>
    public static void Scale<T>(Span<T> values, int exponent)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        // In two steps: 2^exponent itself may be out of range where the result is not.
        while (exponent != 0)
        {
            var step = int.Clamp(exponent, -100, 100);
            TensorPrimitives.Multiply(values, T.ScaleB(T.One, step), values);
            exponent -= step;
        }
    }
}
