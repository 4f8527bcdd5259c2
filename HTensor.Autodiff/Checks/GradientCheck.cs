using HTensor.Kernels;

namespace HTensor.Autodiff;

/// <summary>
/// Compares gradients with central differences in double, along a random direction d of unit length of each parameter and each
/// differentiable input: grad . d against (8 (f(h) - f(-h)) - (f(2h) - f(-2h))) / 12h, where f(h) is the loss at v + h d.
/// </summary>
public static class GradientCheck
{
    private const double Step = 1e-3;

    /// <summary>One comparison a leaf of the tape. Runs forward and backward, and four times forward a leaf; all values are as before at the end.</summary>
    public static IReadOnlyList<GradientComparison> Run(Tape<double> tape, Variable<double> loss, ulong seed = 1, ThreadTeam? team = null)
    {
        ArgumentNullException.ThrowIfNull(tape);
        ArgumentNullException.ThrowIfNull(loss);
        team ??= ThreadTeam.Inline;
        var random = new Philox(seed);
        var leaves = tape.Leaves.ToArray();
        tape.Forward(team);
        tape.Backward(loss, team);
        var gradients = leaves.Select(leaf => leaf.Gradient.ToArray()).ToArray();
        GradientComparison[] comparisons = [.. leaves.Select((leaf, i) => Compare(leaf, gradients[i]))];
        tape.Forward(team);
        return comparisons;

        GradientComparison Compare(Variable<double> leaf, double[] gradient)
        {
            var direction = UnitDirection(leaf.Length, random);
            var analytic = 0.0;
            for (var i = 0; i < direction.Length; i++) analytic += gradient[i] * direction[i];
            var kept = leaf.Value.ToArray();
            var near = LossAt(Step) - LossAt(-Step);
            var far = LossAt(2 * Step) - LossAt(-2 * Step);
            kept.CopyTo(leaf.Value);
            return new GradientComparison(leaf.Name, analytic, (8 * near - far) / (12 * Step));

            double LossAt(double distance)
            {
                var values = leaf.Value.Span;
                for (var i = 0; i < values.Length; i++) values[i] = kept[i] + distance * direction[i];
                tape.Forward(team);
                return loss.Value.Span[0];
            }
        }
    }

    private static double[] UnitDirection(int length, Philox random)
    {
        var direction = new double[length];
        random.FillNormal<double>(direction, 1);
        var norm = 0.0;
        foreach (var entry in direction) norm += entry * entry;
        norm = Math.Sqrt(norm);
        for (var i = 0; i < length; i++) direction[i] /= norm;
        return direction;
    }
}
