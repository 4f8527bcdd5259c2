namespace HTensor.Autodiff;

/// <summary>Clipping by the norm of the whole gradient (Pascanu, Mikolov, Bengio, ICML 2013).</summary>
public static class GradientClipping
{
    /// <summary>min(1, limit / norm): what a step takes as its gradient scale. A limit of 0 or infinity clips nothing.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The norm is not finite (no scale makes such a gradient usable), or a number is negative.</exception>
    public static double Scale(double norm, double limit)
    {
        OptimizerGuard.AtLeastZero(norm, "gradient norm", nameof(norm));
        if (!(limit >= 0)) throw new ArgumentOutOfRangeException(nameof(limit), $"clipping limit: expected at least 0, found {limit}");
        return limit > 0 && norm > limit ? limit / norm : 1;
    }
}
