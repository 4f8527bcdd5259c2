using HTensor.Core;
using HTensor.Rnn;

namespace HTensor.Onnx;

/// <summary>
/// A weight matrix of all gates in nodes, whatever its format: the pairwise products of the contraction plan, those of weights alone too, which a
/// runtime folds when it loads the model. What is stored is the cores.
/// </summary>
internal sealed class MatrixNodes
{
    /// <summary>The plan is made for this many samples, so that products of weights alone, made once, count little.</summary>
    private const int Samples = 1 << 14;

    /// <summary>An output mode that holds the gates and is not the first, as two: which gate, and what is left of the mode.</summary>
    private const int GateMode = -1, UnitMode = -2;

    private readonly GateLayout _layout;
    private readonly MatrixNetwork _network;
    private readonly string[] _cores;
    private readonly int? _gated;

    /// <param name="layout">The matrix.</param>
    /// <param name="cores">Values of the cores.</param>
    public MatrixNodes(GateLayout layout, string[] cores)
    {
        (_layout, _network, _cores) = (layout, layout.Network, cores);
        var stride = _network.Modes.Columns;
        for (var mode = 0; mode < layout.OutputOffsets.Count; mode++)
        {
            stride /= _network.Modes.Outputs[mode];
            // Row-major modes put the gates where they belong.
            if (layout.OutputOffsets[mode].Where((offset, index) => offset != index * stride).Any()) _gated = mode;
        }
    }

    /// <summary>z [samples, gates H] of x, whose elements are [samples, N].</summary>
    public string Multiply(GraphBuilder graph, string x)
    {
        var plan = ContractionPlanner.Plan(_network.OverSamples(Samples), PlanObjective.MultiplyAdds, MatrixNetwork.SampleMode);
        return Run(graph, plan, [.. _cores, x], [MatrixNetwork.SampleMode]);
    }

    /// <summary>The matrix itself, [N, gates H].</summary>
    public string Whole(GraphBuilder graph) =>
        Run(graph, ContractionPlanner.Plan(_network.Matrix, PlanObjective.MultiplyAdds), _cores, [.. Enumerable.Range(0, _network.Modes.Inputs.Count).Select(MatrixNetwork.InputLabel)]);

    private string Run(GraphBuilder graph, ContractionPlan plan, string[] operands, string[] rows)
    {
        var network = plan.Network;
        var ids = network.Labels.Select((label, id) => (label, id)).ToDictionary(pair => pair.label, pair => pair.id);
        var (sample, gated) = (ids.GetValueOrDefault(MatrixNetwork.SampleMode, int.MinValue), _gated is { } split ? ids[MatrixNetwork.OutputLabel(split)] : int.MinValue);
        var nodes = new ModeNodes(graph, mode => mode == sample ? -1 : mode switch
        {
            GateMode => _layout.Gates,
            UnitMode => _network.Modes.Outputs[_gated!.Value] / _layout.Gates,
            _ => network.Sizes[mode],
        });
        var values = operands.Select((name, operand) => Operand(name, network.OperandModes(operand))).ToList();
        foreach (var step in plan.Steps)
        {
            // Samples on the left, so that a row stays a row.
            var (left, right) = (values[step.Left], values[step.Right]);
            if (right.Modes.Contains(sample)) (left, right) = (right, left);
            values.Add(nodes.Multiply(left, right, Apart(step.Modes)));
        }

        var units = Enumerable.Range(0, _network.Modes.Outputs.Count).Select(mode => ids[MatrixNetwork.OutputLabel(mode)]);
        return nodes.Arrange(values[^1], [.. rows.Select(label => ids[label])], [.. Apart(units).OrderBy(mode => mode == GateMode ? 0 : 1)]).Name;

        // A core has an axis for each mode; x is whatever the caller has.
        ModeValue Operand(string name, IReadOnlyList<int> modes) =>
            new(name, Apart(modes), modes.Contains(sample) ? null : [.. modes.Select(mode => mode == gated ? 2 : 1)]);
        int[] Apart(IEnumerable<int> modes) => [.. modes.SelectMany(mode => mode == gated ? (int[])[GateMode, UnitMode] : [mode])];
    }
}
