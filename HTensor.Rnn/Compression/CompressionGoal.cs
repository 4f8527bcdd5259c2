namespace HTensor.Rnn;

/// <summary>How far to compress.</summary>
public sealed class CompressionGoal
{
    private CompressionGoal(GoalKind kind, double value) => (Kind, Value) = (kind, value);

    internal GoalKind Kind { get; }

    internal double Value { get; }

    /// <summary>As few numbers as keep each matrix within <paramref name="error"/> of itself, relative, in the Frobenius norm, or weighted in that of the calibration.</summary>
    /// <exception cref="ArgumentException">Not above 0 and below 1.</exception>
    public static CompressionGoal Tolerance(double error) => error is > 0 and < 1
        ? new CompressionGoal(GoalKind.Tolerance, error)
        : throw new ArgumentException($"tolerance: expected a number above 0 and below 1, found {error}");

    /// <summary>Each matrix that is compressed into at most its own numbers divided by <paramref name="ratio"/>; biases are not counted.</summary>
    /// <exception cref="ArgumentException">Not a finite number of at least 1.</exception>
    public static CompressionGoal Ratio(double ratio) => ratio >= 1 && double.IsFinite(ratio)
        ? new CompressionGoal(GoalKind.Ratio, ratio)
        : throw new ArgumentException($"ratio: expected a finite number of at least 1, found {ratio}");

    /// <summary>The same rank at every bond, or as much as a bond can make use of.</summary>
    /// <exception cref="ArgumentException">Below 1.</exception>
    public static CompressionGoal Rank(int rank) => rank >= 1 ? new CompressionGoal(GoalKind.Rank, rank) : throw new ArgumentException($"rank: expected at least 1, found {rank}");

    /// <summary>At most so many numbers for all matrices that are compressed, shared out in proportion to their sizes.</summary>
    /// <exception cref="ArgumentException">Below 1.</exception>
    public static CompressionGoal Parameters(long count) =>
        count >= 1 ? new CompressionGoal(GoalKind.Parameters, count) : throw new ArgumentException($"parameters: expected at least 1, found {count}");

    /// <summary>Numbers that a matrix may have, of <paramref name="all"/> that are compressed.</summary>
    internal double Budget(long dense, long all) => Kind switch
    {
        GoalKind.Ratio => dense / Value,
        GoalKind.Parameters => dense * (Value / all),
        _ => dense,
    };
}

internal enum GoalKind
{
    Tolerance,
    Ratio,
    Rank,
    Parameters,
}
