using System.Numerics;
using HTensor.Kernels;

namespace HTensor.Autodiff;

/// <summary>
/// Moves weights along their gradient. It holds what it remembers between steps, not the weights: any set of the shapes that it was made for may
/// be stepped. The bits of a step do not depend on the team's size, and a step allocates nothing.
/// </summary>
public interface IOptimizer<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>Steps done. Together with <see cref="State"/> it is all that a checkpoint needs; setting it goes on from there.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The number set is negative.</exception>
    long StepCount { get; set; }

    /// <summary>What is remembered, each in the order of the parameters' values; zero before the first step. Write into it to restore.</summary>
    IReadOnlyList<OptimizerState<T>> State { get; }

    /// <param name="parameters">The weights, in the shapes of the construction.</param>
    /// <param name="gradient">In the order of the parameters' values, as many.</param>
    /// <param name="learningRate">At least 0.</param>
    /// <param name="gradientScale">The gradient is multiplied by it on the way: clipping costs no pass of its own. 1 for none.</param>
    /// <param name="team">The threads to run on.</param>
    /// <exception cref="ArgumentException">Shapes or lengths differ, or a number is not finite or negative; nothing was changed.</exception>
    void Step(ParameterSet<T> parameters, ReadOnlyMemory<T> gradient, double learningRate, double gradientScale, ThreadTeam team);
}

/// <summary>One flat buffer of an optimizer, under the name that a checkpoint keeps it by.</summary>
public readonly record struct OptimizerState<T>(string Name, Memory<T> Values);
