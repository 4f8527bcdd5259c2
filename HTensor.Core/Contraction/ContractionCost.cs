namespace HTensor.Core;

/// <summary>
/// The planner's model of time, in nanoseconds of one core. The constants are of the source, never fitted at run time, so that every
/// machine has the same plan. They were read off an AVX-512 core: about 50 multiply-adds a nanosecond in the lane kernels, 30 bytes a
/// nanosecond between the second-level cache and the registers, 10 from memory.
/// </summary>
internal static class ContractionCost
{
    private const double MultiplyAddsPerNanosecond = 50;
    private const double CachedElementsPerNanosecond = 7.5;
    private const double MemoryElementsPerNanosecond = 2.5;

    /// <summary>A weight-only product is small and gathered: slower in arithmetic, and it has a fixed price.</summary>
    private const double WeightMultiplyAddsPerNanosecond = 4;
    private const double WeightStepNanoseconds = 500;

    /// <summary>Weights beyond this many elements stream from memory.</summary>
    private const double CachedElements = 128 * 1024;

    public static double Nanoseconds(bool overSamples, double multiplyAdds, double leftElements, double rightElements, double resultElements)
    {
        if (!overSamples)
        {
            return WeightStepNanoseconds + multiplyAdds / WeightMultiplyAddsPerNanosecond + Move(leftElements) + Move(rightElements) + 2 * Move(resultElements);
        }

        var smaller = Math.Min(leftElements, rightElements);
        var larger = Math.Max(leftElements, rightElements);
        return multiplyAdds / MultiplyAddsPerNanosecond + Move(smaller) + (larger + resultElements) / CachedElementsPerNanosecond;
    }

    private static double Move(double elements) =>
        elements / (elements > CachedElements ? MemoryElementsPerNanosecond : CachedElementsPerNanosecond);
}
