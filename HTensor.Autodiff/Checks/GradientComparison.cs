namespace HTensor.Autodiff;

/// <summary>The derivative of a loss along one random direction of one variable, by the tape and by differences of the loss.</summary>
/// <param name="Variable">Name of the parameter or input.</param>
/// <param name="Analytic">Gradient times direction.</param>
/// <param name="Numeric">Central differences.</param>
public sealed record GradientComparison(string Variable, double Analytic, double Numeric)
{
    /// <summary>|analytic - numeric| over the larger of the two; 0 where both are 0.</summary>
    public double RelativeError =>
        Analytic == Numeric ? 0 : Math.Abs(Analytic - Numeric) / Math.Max(Math.Abs(Analytic), Math.Abs(Numeric));
}
