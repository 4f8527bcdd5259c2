using HTensor.Core;

namespace HTensor.Rnn;

/// <summary>One matrix to a goal: the candidates are fitted a little, the nearer half of them twice as long, and so on; the nearest to the end.</summary>
internal static class MatrixCompressor
{
    private const int TrialSweeps = 6;
    private const int LastSweeps = 40;

    /// <summary>Halvings of the logarithm of the numbers, from the whole matrix down, until the tolerance is just met.</summary>
    private const int Halvings = 9;

    /// <exception cref="ArgumentException">The goal cannot be reached in the format.</exception>
    public static MatrixFit Fit(string name, MatrixProblem problem, FormatCandidates candidates, CompressionGoal goal, double budget)
    {
        if (problem.Plain.SquaredNorm == 0) throw new ArgumentException($"{name}: expected a matrix that is not zero everywhere");
        if (goal.Kind == GoalKind.Rank) return MatrixFit.Of(candidates.OfRank((int)goal.Value), problem, LastSweeps);
        if (goal.Kind == GoalKind.Tolerance) return WithinTolerance(name, problem, candidates, goal.Value);
        return (Nearest(problem, candidates, budget) ?? throw new ArgumentException($"{name}: expected a budget in which the format has rank 1 at least, found {Math.Floor(budget)} numbers of {problem.Rows} x {problem.Columns}"))
            .Polished(problem, LastSweeps);
    }

    private static MatrixFit? Nearest(MatrixProblem problem, FormatCandidates candidates, double budget)
    {
        MatrixFit[] fits = [.. candidates.Within(budget).Select(format => MatrixFit.Of(format, problem, TrialSweeps))];
        for (var sweeps = TrialSweeps; fits.Length > 1; sweeps *= 2) fits = [.. fits.OrderBy(fit => fit.SquaredError).Take((fits.Length + 1) / 2).Select(fit => fit.Polished(problem, sweeps))];
        return fits.FirstOrDefault();
    }

    private static MatrixFit WithinTolerance(string name, MatrixProblem problem, FormatCandidates candidates, double tolerance)
    {
        var allowed = tolerance * tolerance * problem.Target.SquaredNorm;
        var (low, high) = (1.0, (double)problem.Rows * problem.Columns);
        MatrixFit? best = null;
        for (var i = 0; i < Halvings; i++)
        {
            var budget = Math.Sqrt(low * high);
            var fit = Nearest(problem, candidates, budget);
            if (fit is not null && fit.SquaredError <= allowed) (best, high) = (fit, budget);
            else low = budget;
        }

        best ??= Nearest(problem, candidates, (double)problem.Rows * problem.Columns);
        return best is not null && best.SquaredError <= allowed
            ? best
            : throw new ArgumentException($"{name}: expected a tolerance that the format keeps with fewer numbers than the matrix has, found {tolerance}");
    }
}
