using HTensor.Core;
using HTensor.Kernels;

namespace HTensor.Tests.Core.Formats;

/// <summary>W of a network from random cores, by the executor.</summary>
internal sealed class RebuiltMatrix
{
    private readonly double[][] _cores;
    private readonly int[] _laterSizes;

    public RebuiltMatrix(MatrixNetwork network, int seed)
    {
        var random = new Random(seed);
        _cores = [.. Enumerable.Range(0, network.Cores.Count).Select(core => Enumerable.Range(0, (int)network.CoreLength(core)).Select(_ => random.NextDouble() - 0.5).ToArray())];
        var executor = new ContractionExecutor<double>(ContractionPlanner.Plan(network.Matrix, PlanObjective.MultiplyAdds));
        for (var core = 0; core < _cores.Length; core++) executor.Bind(core, _cores[core], default);
        executor.Forward(ThreadTeam.Inline);
        Values = executor.Value(executor.ResultNode).ToArray();
        _laterSizes = [.. network.Modes.Inputs.Skip(1), .. network.Modes.Outputs];
    }

    /// <summary>W [n0, ..., m0, ...], row-major.</summary>
    public double[] Values { get; }

    public double[] Core(int core) => _cores[core];

    /// <summary>The entry at one index of each mode, inputs first.</summary>
    public double At(params int[] index)
    {
        var position = index[0];
        for (var mode = 1; mode < index.Length; mode++) position = position * _laterSizes[mode - 1] + index[mode];
        return Values[position];
    }
}
