namespace HTensor.Core;

/// <summary>
/// An allowed error e shared out over stages whose errors add in squares, e^2 = sum e_k^2: each stage may spend an equal share of what is left,
/// and what it leaves goes to those that follow.
/// </summary>
internal sealed class ErrorBudget
{
    private readonly double _allowed;
    private int _stages;
    private double _left = 1;

    /// <param name="allowed">The error of all stages together.</param>
    /// <param name="stages">Stages to come.</param>
    public ErrorBudget(double allowed, int stages) => (_allowed, _stages) = (allowed, Math.Max(1, stages));

    /// <summary>The error that the next stage may make.</summary>
    public double OfStage => _allowed * Math.Sqrt(Math.Max(0, _left) / _stages);

    /// <summary>The error that all stages to come may make together.</summary>
    public double Left => _allowed * Math.Sqrt(Math.Max(0, _left));

    /// <summary>The next stage made this error.</summary>
    public void Spend(double error)
    {
        _stages = Math.Max(1, _stages - 1);
        Take(error);
    }

    /// <summary>An error was made beside the stages.</summary>
    public void Take(double error)
    {
        if (_allowed > 0) _left -= error / _allowed * (error / _allowed);
    }
}
