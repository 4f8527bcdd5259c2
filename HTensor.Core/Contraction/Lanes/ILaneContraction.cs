using HTensor.Kernels;

namespace HTensor.Core;

/// <summary>
/// y[s, m...] = sum over n of x[s, n...] W[n..., m...] over samples in lanes, with W held as cores, and the gradients of the cores.
/// y is [units, M] blocks of sixteen samples.
/// </summary>
public interface ILaneContraction<T>
{
    /// <summary>Names the memory of a core's values and of its gradient.</summary>
    void Bind(int core, Memory<T> value, Memory<T> gradient);

    /// <summary>Makes what depends on the cores alone; must run before the first <see cref="Forward"/> and after each change of the cores.</summary>
    void UpdateWeights(ThreadTeam team);

    /// <summary>Writes the active units of <paramref name="output"/>, [units, M] blocks; must run before <see cref="Backward"/> of the same input.</summary>
    /// <exception cref="ArgumentException"><paramref name="output"/> has another length.</exception>
    void Forward(ILaneInput<T> input, Memory<T> output, ThreadTeam team);

    /// <summary>
    /// Overwrites the cores' gradients; and where <paramref name="inputGradient"/> is not empty, the active units of it, [units, N] blocks.
    /// </summary>
    /// <exception cref="ArgumentException">A gradient has another length.</exception>
    void Backward(ILaneInput<T> input, ReadOnlyMemory<T> outputGradient, Memory<T> inputGradient, ThreadTeam team);
}
