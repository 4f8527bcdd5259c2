namespace HTensor.Core;

/// <summary>
/// The planner's model of time: nanoseconds of one core for a training step, forward and backward together. The constants are of the
/// source, never fitted at run time, so that every machine has the same plan. They were read off an AVX-512 core. Published layers,
/// 96 samples, one thread, best of 24, model and measured milliseconds of their plans: ht 15.95 and 16.93, tt 15.51 and 16.90, bt 36.43 and
/// 35.71, tr 11.74 and 12.05; ht with 16 samples 2.77 and 2.99, with 576 95.1 and 102.5. Of the other plans tried at 96 samples
/// (3, 0, 1 and 29 of them), none was measured faster but for tr, where the best took 11.01.
/// </summary>
internal static class ContractionCost
{
    /// <summary>A lane step runs four times: forward, again in the backward pass, for its input's gradient and for its weight's.</summary>
    private const double LanePasses = 4;

    /// <summary>Multiply-adds a nanosecond where sums are long: measured 54 to 58 forward, 52 to 57 for the input's gradient, 44 to 50 for the weight's.</summary>
    private const double LaneMultiplyAdds = 55;

    /// <summary>Elements that a pass reads or writes beside its arithmetic, a nanosecond: sums of 8 run at 86 GFLOP/s, of 36 at 116.</summary>
    private const double LaneElements = 40;

    /// <summary>Each weight of a lane step: packing twice, sums over lanes and partial sums; and its sixteen lane sums, read and written tile by tile, a unit.</summary>
    private const double LaneWeight = 25;
    private const double LaneWeightOfUnit = 6;

    /// <summary>One product for all units runs twice: forward and for its weight's gradient.</summary>
    private const double WholePasses = 2;

    /// <summary>Measured for 256 x 256 weights and 96 samples: 50 forward, 47 backward.</summary>
    private const double WholeMultiplyAdds = 48;
    private const double WholeElements = 2;

    /// <summary>A product of weights is small and gathered: slower in arithmetic, and it has a fixed price. It runs forward and twice backward.</summary>
    private const double WeightPasses = 3;
    private const double WeightMultiplyAdds = 4;
    private const double WeightStep = 500;
    private const double WeightElements = 2;

    /// <summary>A product of weights alone.</summary>
    public static double OfWeights(double multiplyAdds, double elements) =>
        WeightPasses * (WeightStep + multiplyAdds / WeightMultiplyAdds + elements / WeightElements);

    /// <summary>A step of a chain over samples in lanes.</summary>
    public static double OfLanes(double multiplyAdds, double samplesElements, double weightElements, double units) =>
        LanePasses * (multiplyAdds / LaneMultiplyAdds + samplesElements / LaneElements) + weightElements * (LaneWeight + LaneWeightOfUnit * units);

    /// <summary>The whole matrix times all samples.</summary>
    public static double OfWhole(double multiplyAdds, double elements) =>
        WholePasses * (multiplyAdds / WholeMultiplyAdds + elements / WholeElements);
}
