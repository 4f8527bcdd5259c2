namespace HTensor.Autodiff;

/// <summary>The checks of numbers that come from outside.</summary>
internal static class OptimizerGuard
{
    public static void AtLeastZero(double value, string what, string name)
    {
        if (!(value >= 0 && double.IsFinite(value)))
            throw new ArgumentOutOfRangeException(name, $"{what}: expected a finite number, at least 0, found {value}");
    }

    /// <summary>A share that is kept from step to step: in [0, 1).</summary>
    public static void Share(double value, string what, string name)
    {
        if (!(value >= 0 && value < 1)) throw new ArgumentOutOfRangeException(name, $"{what}: expected at least 0 and below 1, found {value}");
    }
}
