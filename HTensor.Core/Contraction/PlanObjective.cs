namespace HTensor.Core;

/// <summary>What a plan minimizes.</summary>
public enum PlanObjective
{
    /// <summary>Modelled time: multiply-adds and bytes moved, by the constants of <see cref="ContractionCost"/>.</summary>
    Time,

    /// <summary>Multiply-adds alone.</summary>
    MultiplyAdds,
}
