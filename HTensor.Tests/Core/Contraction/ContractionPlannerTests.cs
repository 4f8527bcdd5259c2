using HTensor.Core;

namespace HTensor.Tests.Core.Contraction;

public sealed class ContractionPlannerTests
{
    /// <summary>The least possible multiply-adds a sample at batch 96, products of weights alone included, as an independent exact search found them.</summary>
    public static TheoryData<string, double> ExactMinima => new()
    {
        { "ht", 1_886_382 },
        { "tt", 1_937_408 },
        { "bt", 4_563_328 },
        { "tr", 1_473_629 },
    };

    [Theory]
    [MemberData(nameof(ExactMinima))]
    public void FindsTheExactMinimumOfThePublishedLayers(string format, double expected)
    {
        var network = Published.Network(format).OverSamples(96);
        var plan = ContractionPlanner.Plan(network, PlanObjective.MultiplyAdds);
        Assert.Equal(expected, plan.MultiplyAdds / 96, 0.51);
    }
}
