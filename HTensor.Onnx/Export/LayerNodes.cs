using HTensor.Autodiff;
using HTensor.Core;
using HTensor.Rnn;

namespace HTensor.Onnx;

/// <summary>The weights of one recurrent layer in one direction in nodes: its parameters are stored under their own names and in their own shapes.</summary>
internal sealed class LayerNodes
{
    private readonly GraphBuilder _graph;
    private readonly LayerLayout _layer;
    private readonly string[] _matrices;
    private string? _recurrent, _candidates, _recurrentGates;

    public LayerNodes(GraphBuilder graph, LayerLayout layer, ParameterSet<float> parameters)
    {
        (_graph, _layer) = (graph, layer);
        foreach (var parameter in layer.Parameters) graph.Floats(parameter.Name, parameters[parameter.Name].Memory, parameter.Sizes);
        _matrices = [.. layer.Matrices.Select(matrix => matrix.Name)];
    }

    public LayerLayout Layer => _layer;

    /// <summary>W x + b of x, whose elements are [samples, N]: [samples, gates H].</summary>
    public string Input(string x)
    {
        var cores = _layer.Joint is { } joint ? Cut(joint, joint.InputRanges) : _matrices[.._layer.Input.Network.Cores.Count];
        if (_layer.Input.Network.Modes.Rows - _layer.Inputs is var padding and > 0)
            x = _graph.Node("Pad", [_graph.Node("Reshape", [x, _graph.Integers(-1, _layer.Inputs)]), _graph.Integers(0, 0, 0, padding)]);
        var z = new MatrixNodes(_layer.Input, cores).Multiply(_graph, x);
        return _graph.Node("Add", [z, _layer.BiasName]);
    }

    /// <summary>U [H, gates H], made once.</summary>
    public string Recurrent => _recurrent ??= MakeRecurrent();

    /// <summary>Of a GRU with the reset before the product, U of r and z, and of n.</summary>
    public (string Gates, string Candidates) RecurrentParts
    {
        get
        {
            var first = 2 * _layer.Hidden;
            _candidates ??= Columns(first, 3 * _layer.Hidden);
            _recurrentGates ??= Columns(0, first);
            return (_recurrentGates, _candidates);
        }
    }

    private string Columns(int first, int last) => _graph.Node("Slice", [Recurrent, _graph.Integers(first), _graph.Integers(last), _graph.Integers(1)]);

    private string MakeRecurrent()
    {
        if (_layer.Joint is { } joint)
        {
            // Rows behind the H of the hidden units are padding.
            var rows = new MatrixNodes(joint.Recurrent, Cut(joint, joint.RecurrentRanges)).Whole(_graph);
            return joint.Recurrent.Network.Modes.Rows == _layer.Hidden ? rows : _graph.Node("Slice", [rows, _graph.Integers(0), _graph.Integers(_layer.Hidden), _graph.Integers(0)]);
        }

        var cores = _matrices[_layer.Input.Network.Cores.Count..];
        return _layer.Recurrent is { } recurrent ? new MatrixNodes(recurrent, cores).Whole(_graph) : cores[0];
    }

    /// <summary>The cores whose input modes are cut to ranges.</summary>
    private string[] Cut(JointLayout joint, IReadOnlyList<(int First, int Count)> ranges)
    {
        var network = joint.Whole.Network;
        return [.. _matrices.Select((name, core) => Cut(name, network.Cores[core], network.CoreShape(core), ranges))];
    }

    private string Cut(string name, NetworkOperand core, IReadOnlyList<int> shape, IReadOnlyList<(int First, int Count)> ranges)
    {
        var cuts = new List<(long Axis, long First, long Last)>();
        for (var mode = 0; mode < ranges.Count; mode++)
        {
            var axis = core.Modes.ToList().IndexOf(MatrixNetwork.InputLabel(mode));
            if (axis >= 0 && ranges[mode] != (0, shape[axis])) cuts.Add((axis, ranges[mode].First, ranges[mode].First + ranges[mode].Count));
        }

        return cuts.Count == 0 ? name : _graph.Node("Slice",
        [
            name, _graph.Integers([.. cuts.Select(cut => cut.First)]), _graph.Integers([.. cuts.Select(cut => cut.Last)]), _graph.Integers([.. cuts.Select(cut => cut.Axis)]),
        ]);
    }
}
