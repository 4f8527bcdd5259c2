using HTensor.Kernels;

namespace HTensor.Autodiff;

/// <summary>
/// The learning rate of a step; steps count from 0. With W warm-up steps, rate(s) = peak (s + 1) / (W + 1) for s below W, so that the first step
/// already learns and step W has the peak. After it, by the schedule's kind. The same bits on every machine.
/// </summary>
public sealed class LearningRateSchedule
{
    private readonly double _peak;
    private readonly double _final;
    private readonly long _steps;
    private readonly long _warmUp;

    private LearningRateSchedule(double peak, double final, long steps, long warmUp)
    {
        OptimizerGuard.AtLeastZero(peak, "learning rate", nameof(peak));
        ArgumentOutOfRangeException.ThrowIfNegative(warmUp);
        _peak = peak;
        _final = final;
        _steps = steps;
        _warmUp = warmUp;
    }

    /// <summary>The peak for ever.</summary>
    /// <exception cref="ArgumentOutOfRangeException">A number is negative or not finite.</exception>
    public static LearningRateSchedule Constant(double learningRate, long warmUpSteps = 0) => new(learningRate, learningRate, long.MaxValue, warmUpSteps);

    /// <summary>
    /// rate(s) = final + (peak - final) (1 + cos(pi u)) / 2, u = (s - W) / (steps - W) (Loshchilov, Hutter, "SGDR", ICLR 2017, without restarts): the
    /// peak at step W, <paramref name="finalFraction"/> of it at step <paramref name="steps"/> and after.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">
    /// A number is negative or not finite, the fraction is above 1, or the warm-up is not shorter than <paramref name="steps"/>.
    /// </exception>
    public static LearningRateSchedule Cosine(double learningRate, long steps, long warmUpSteps = 0, double finalFraction = 0)
    {
        if (!(finalFraction >= 0 && finalFraction <= 1))
            throw new ArgumentOutOfRangeException(nameof(finalFraction), $"final fraction: expected from 0 to 1, found {finalFraction}");
        if (warmUpSteps >= steps)
            throw new ArgumentOutOfRangeException(nameof(warmUpSteps), $"warm-up steps: expected below the {steps} steps of all, found {warmUpSteps}");
        return new(learningRate, learningRate * finalFraction, steps, warmUpSteps);
    }

    /// <param name="step">From 0.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="step"/> is negative.</exception>
    public double At(long step)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(step);
        if (step < _warmUp) return _peak * ((step + 1.0) / (_warmUp + 1.0));
        if (step >= _steps || _final == _peak) return _final;
        var passed = (double)(step - _warmUp) / (_steps - _warmUp);
        // The same curve counted from the peak, so that it starts at the peak to the last bit.
        return _peak - (_peak - _final) * (0.5 * (1 - ScalarFunctions.Cos(double.Pi * passed)));
    }
}
