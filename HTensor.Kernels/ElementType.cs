using System.Runtime.CompilerServices;

namespace HTensor.Kernels;

/// <summary>Float and double are the element types of the engine; the generic constraint is wider than that.</summary>
public static class ElementType
{
    /// <exception cref="NotSupportedException">T is neither float nor double.</exception>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Validate<T>()
    {
        if (typeof(T) != typeof(float) && typeof(T) != typeof(double))
            Throw(typeof(T));
    }

    private static void Throw(Type found) => throw new NotSupportedException($"element type: expected float or double, found {found.Name}");
}
