using HTensor.Kernels;

namespace HTensor.Core;

/// <summary>W of a network as a function of one core at a time, in which it is linear, and the adjoint of that.</summary>
internal sealed class NetworkMatrix
{
    private readonly ContractionExecutor<double> _executor;
    private readonly double[][] _cores;
    private int _varied = -1;

    /// <param name="network">The network.</param>
    /// <param name="cores">Its cores; the arrays are read at every call.</param>
    public NetworkMatrix(MatrixNetwork network, double[][] cores)
    {
        _cores = cores;
        _executor = new ContractionExecutor<double>(ContractionPlanner.Plan(network.Matrix, PlanObjective.MultiplyAdds));
    }

    /// <summary>W [N, M] with another tensor in the place of a core.</summary>
    public ReadOnlySpan<double> With(int core, double[] value)
    {
        for (var i = 0; i < _cores.Length; i++)
        {
            if (i == core || i == _varied || _varied < 0) _executor.Bind(i, i == core ? value : _cores[i], default);
        }

        _varied = core;
        _executor.Forward(ThreadTeam.Inline);
        return _executor.Value(_executor.ResultNode);
    }

    /// <summary>W [N, M].</summary>
    public ReadOnlySpan<double> Value() => With(0, _cores[0]);

    /// <summary>For the core of the last call of <see cref="With"/>: the gradient of sum of matrix times W.</summary>
    public void Adjoint(ReadOnlySpan<double> matrix, double[] value, double[] gradient)
    {
        if (_cores.Length == 1)
        {
            matrix.CopyTo(gradient);
            return;
        }

        _executor.Bind(_varied, value, gradient);
        matrix.CopyTo(_executor.Gradient(_executor.ResultNode));
        _executor.Backward(ThreadTeam.Inline);
    }
}
