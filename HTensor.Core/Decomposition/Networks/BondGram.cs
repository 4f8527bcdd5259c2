using HTensor.Kernels;

namespace HTensor.Core;

/// <summary>
/// The inner products of what a core of a network multiplies by: G[b, b'] over the indices of its bonds, all other cores contracted with themselves. In
/// the plain norm W depends on the core through G alone, J^T J = G (x) I, so its inverse solves for the core.
/// </summary>
internal sealed class BondGram
{
    /// <summary>Beyond this no factor is made: of the frames around such a core the products are near the identity.</summary>
    private const int LargestBonds = 640;

    /// <summary>Of the largest diagonal entry: keeps the factor positive where frames depend on each other.</summary>
    private const double Ridge = 1e-12;

    private const int BlockColumns = 32;

    private readonly ContractionExecutor<double>? _executor;
    private readonly int[] _others;
    private readonly int[] _places;
    private readonly int _bonds, _own;

    public BondGram(MatrixNetwork network, int core)
    {
        var labels = network.Cores[core].Modes;
        var shape = network.CoreShape(core);
        string[] bonds = [.. labels.Where(network.Bonds.ContainsKey)];
        _others = [.. Enumerable.Range(0, network.Cores.Count).Where(other => other != core)];
        _bonds = bonds.Aggregate(1, (product, bond) => product * network.Bonds[bond]);
        _own = (int)(network.CoreLength(core) / _bonds);
        _places = Places(labels, shape, network);
        if (_others.Length == 0 || _bonds > LargestBonds) return;
        string Twin(string label) => network.Bonds.ContainsKey(label) ? label + "'" : label;
        NetworkOperand[] operands =
        [
            .. _others.Select(other => network.Cores[other]),
            .. _others.Select(other => new NetworkOperand(network.Cores[other].Name + "'", [.. network.Cores[other].Modes.Select(Twin)])),
        ];
        var sizes = network.Matrix.Labels.Select((label, id) => (label, size: network.Matrix.Sizes[id])).ToDictionary(pair => pair.label, pair => pair.size);
        foreach (var (bond, rank) in network.Bonds) sizes[Twin(bond)] = rank;
        _executor = new ContractionExecutor<double>(ContractionPlanner.Plan(new TensorNetwork(operands, [.. bonds, .. bonds.Select(Twin)], sizes), PlanObjective.MultiplyAdds));
    }

    /// <summary>Makes the factor of G for the cores as they are; null: there is none.</summary>
    public double[]? Factor(double[][] cores)
    {
        if (_executor is null) return null;
        for (var i = 0; i < _others.Length; i++)
        {
            _executor.Bind(i, cores[_others[i]], default);
            _executor.Bind(_others.Length + i, cores[_others[i]], default);
        }

        _executor.Forward(ThreadTeam.Inline);
        return Cholesky(_executor.Value(_executor.ResultNode).ToArray(), _bonds);
    }

    /// <summary>G^-1 on the bonds of a core.</summary>
    public void Solve(double[]? factor, ReadOnlySpan<double> core, Span<double> destination)
    {
        if (factor is null)
        {
            core.CopyTo(destination);
            return;
        }

        var x = new double[_bonds];
        for (var own = 0; own < _own; own++)
        {
            var places = _places.AsSpan(own * _bonds, _bonds);
            for (var b = 0; b < _bonds; b++) x[b] = core[places[b]];
            for (var i = 0; i < _bonds; i++)
            {
                for (var j = 0; j < i; j++) x[i] -= factor[i * _bonds + j] * x[j];
                x[i] /= factor[i * _bonds + i];
            }

            for (var i = _bonds - 1; i >= 0; i--)
            {
                x[i] /= factor[i * _bonds + i];
                for (var j = 0; j < i; j++) x[j] -= factor[i * _bonds + j] * x[i];
            }

            for (var b = 0; b < _bonds; b++) destination[places[b]] = x[b];
        }
    }

    /// <summary>L with L L^T = G + ridge, row-major, block after block of columns; null where G is not finite or zero.</summary>
    private static double[]? Cholesky(double[] g, int n)
    {
        var largest = 0.0;
        for (var i = 0; i < n; i++) largest = Math.Max(largest, g[i * n + i]);
        if (!(largest > 0) || !double.IsFinite(largest)) return null;
        for (var i = 0; i < n; i++) g[i * n + i] += Ridge * largest;
        var product = new double[n * Math.Min(n, BlockColumns)];
        for (var first = 0; first < n; first += BlockColumns)
        {
            var (rows, columns) = (n - first, Math.Min(BlockColumns, n - first));
            var before = new MatrixOperand<double>(g.AsSpan(first * n), n, 1);
            Gemm.Multiply(rows, columns, first, before, before.Transposed, product, columns, 1, Accumulation.Overwrite, ThreadTeam.Inline);
            for (var i = first; i < n; i++)
            {
                for (var j = first; j < Math.Min(i + 1, first + columns); j++)
                {
                    var sum = g[i * n + j] - product[(i - first) * columns + j - first];
                    for (var k = first; k < j; k++) sum -= g[i * n + k] * g[j * n + k];
                    g[i * n + j] = i == j ? Math.Sqrt(Math.Max(sum, Ridge * largest)) : sum / g[j * n + j];
                }
            }
        }

        return g;
    }

    /// <summary>Place in the core of [own modes, bonds], both in the core's order.</summary>
    private static int[] Places(IReadOnlyList<string> labels, IReadOnlyList<int> shape, MatrixNetwork network)
    {
        int[] own = [0], bonds = [0];
        var stride = shape.Aggregate(1, (product, size) => product * size);
        for (var mode = 0; mode < labels.Count; mode++)
        {
            stride /= shape[mode];
            int[] moves = [.. Enumerable.Range(0, shape[mode]).Select(i => i * stride)];
            if (network.Bonds.ContainsKey(labels[mode])) bonds = [.. bonds.SelectMany(place => moves.Select(move => place + move))];
            else own = [.. own.SelectMany(place => moves.Select(move => place + move))];
        }

        return [.. own.SelectMany(place => bonds.Select(bond => place + bond))];
    }
}
