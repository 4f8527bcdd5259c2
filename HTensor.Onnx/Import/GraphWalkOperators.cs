using HTensor.Rnn;

namespace HTensor.Onnx;

/// <summary>What each operator makes of a value's axes and content.</summary>
internal sealed partial class GraphWalk
{
    private int DirectionCount => Layers[^1].Count;

    private Flow Permuted(OnnxNode node, Flow flow)
    {
        long[] order = node.Attributes.TryGetValue("perm", out var said) ? [.. said.Integers] : [.. Enumerable.Range(0, flow.Axes.Length).Reverse().Select(axis => (long)axis)];
        if (!order.Order().SequenceEqual(Enumerable.Range(0, flow.Axes.Length).Select(axis => (long)axis))) throw Misplaced(node, "an order of all axes", flow);
        return flow with { Axes = [.. order.Select(axis => flow.Axes[axis])] };
    }

    private bool IsOne(Axis axis) => axis == Axis.One || (axis == Axis.Direction && DirectionCount == 1);

    private Flow Squeezed(OnnxNode node, Flow flow)
    {
        var axes = AxesOf(node, flow.Axes.Length);
        if (axes.Any(axis => axis < 0 || axis >= flow.Axes.Length || !IsOne(flow.Axes[axis]))) throw Misplaced(node, "axes of size 1", flow);
        return flow with { Axes = [.. flow.Axes.Where((axis, at) => axes.Length == 0 ? !IsOne(axis) : !axes.Contains(at))] };
    }

    private Flow Unsqueezed(OnnxNode node, Flow flow)
    {
        var axes = AxesOf(node, flow.Axes.Length + 1);
        if (axes is not [var at] || at < 0 || at > flow.Axes.Length) throw Misplaced(node, "one axis", flow);
        List<Axis> more = [.. flow.Axes];
        more.Insert((int)at, Axis.One);
        return flow with { Axes = [.. more] };
    }

    private long[] AxesOf(OnnxNode node, int rank)
    {
        var axes = Numbers(node, 1) ?? (node.Attributes.TryGetValue("axes", out var said) ? [.. said.Integers] : []);
        return [.. axes.Select(axis => axis < 0 ? axis + rank : axis)];
    }

    private long[]? Numbers(OnnxNode node, int input) => OperatorLayer.Input(node, input) is { Length: > 0 } name && _constants.Find(name) is { } tensor ? tensor.Integers : null;

    /// <summary>Directions and features that stand beside each other become one axis; axes of size 1 go.</summary>
    private Flow Reshaped(OnnxNode node, Flow flow)
    {
        if (flow.Layer == 0) throw Misplaced(node, "the states of a recurrent layer", flow);
        var axes = new List<Axis>();
        foreach (var axis in flow.Axes)
        {
            if (IsOne(axis)) continue;
            if (axis == Axis.Feature && axes.Count > 0 && axes[^1] == Axis.Direction) axes.RemoveAt(axes.Count - 1);
            axes.Add(axis);
        }

        var shape = Numbers(node, 1);
        var features = Head?.Outputs ?? Layers[^1][0].Hidden * (flow.Direction is null ? DirectionCount : 1);
        if (axes[^1] != Axis.Feature || axes.Contains(Axis.Direction) || (shape is not null && (shape.Length != axes.Count || (shape[^1] != -1 && shape[^1] != 0 && shape[^1] != features))))
            throw Misplaced(node, "directions and units beside each other to be made one axis", flow);
        return flow with { Axes = [.. axes] };
    }

    private Flow Embedded(OnnxNode node, Flow flow)
    {
        if (_constants.Find(OperatorLayer.Input(node, 0)) is not { Shape: [_, _] } table || flow is not { Content: Content.Frame, Layer: 0 } || Embedding is not null)
            throw Misplaced(node, "symbols of the input and a table of vectors", flow);
        Embedding = table;
        // An input whose shape is not said was taken for frames.
        return new Flow(Content.Front, [Axis.Any, Axis.Any, Axis.Feature]);
    }

    private Flow Gathered(OnnxNode node, Flow flow)
    {
        var axis = Wrapped(node.Attributes.TryGetValue("axis", out var said) ? said.Integer : 0, flow);
        var index = _constants.Find(OperatorLayer.Input(node, 1));
        if (axis < 0 || index is not { Count: 1 }) throw Misplaced(node, "one step or direction to be taken", flow);
        return Taken(node, flow, (int)axis, index.Integers[0], index.Shape.Length > 0);
    }

    private Flow Sliced(OnnxNode node, Flow flow)
    {
        if (Numbers(node, 1) is not [var start] || Numbers(node, 2) is not [var end]) throw Misplaced(node, "one axis to be cut", flow);
        var axis = Wrapped(Numbers(node, 3) is [var said] ? said : 0, flow);
        if (axis < 0 || (Numbers(node, 4) ?? [1]) is not [1]) throw Misplaced(node, "one axis to be cut, with a step of 1", flow);
        if (start == 0 && end >= int.MaxValue) return flow;
        var isOne = start == -1 ? end == 0 || end >= int.MaxValue - 1 : end == start + 1;
        return isOne ? Taken(node, flow, (int)axis, start, true) : throw Misplaced(node, "one step or direction to be taken", flow);
    }

    private static long Wrapped(long axis, Flow flow) => axis < 0 ? axis + flow.Axes.Length : axis < flow.Axes.Length ? axis : -1;

    private Flow Taken(OnnxNode node, Flow flow, int axis, long index, bool keepsAxis)
    {
        Axis[] axes = keepsAxis ? [.. flow.Axes.Select((each, at) => at == axis ? Axis.One : each)] : [.. flow.Axes.Where((_, at) => at != axis)];
        if (flow.Axes[axis] == Axis.Direction && flow.Content == Content.Last && index >= -DirectionCount && index < DirectionCount)
            return flow with { Axes = axes, Direction = DirectionCount == 1 ? null : (int)(index < 0 ? index + DirectionCount : index) };
        if (flow.Axes[axis] == Axis.Step && flow.Content == Content.States && DirectionCount == 1 && index == -1) return flow with { Content = Content.Last, Axes = axes };
        if (IsOne(flow.Axes[axis]) && index is 0 or -1) return flow with { Axes = axes };
        throw Misplaced(node, "the last step of a forward layer, or the last states of a direction", flow);
    }

    /// <summary>The last states of both directions beside each other.</summary>
    private Flow Joined(OnnxNode node)
    {
        var parts = node.Inputs.Select(input => _flows.GetValueOrDefault(input)).ToArray();
        if (parts is not [{ Content: Content.Last, Direction: 0 } first, { Content: Content.Last, Direction: 1 } second] || !first.Axes.SequenceEqual(second.Axes) || first.Layer != second.Layer)
            throw Misplaced(node, "the last states forward and backward, in this order", parts.OfType<Flow>().First());
        var axis = Wrapped(node.Attributes.TryGetValue("axis", out var said) ? said.Integer : 0, first);
        return axis >= 0 && first.Axes[axis] == Axis.Feature ? first with { Direction = null } : throw Misplaced(node, "units to be joined", first);
    }

    private Flow Averaged(OnnxNode node, Flow flow)
    {
        var axes = AxesOf(node, flow.Axes.Length);
        if (flow is not { Content: Content.States, Direction: null } || axes is not [var axis] || axis < 0 || axis >= flow.Axes.Length || flow.Axes[axis] != Axis.Step) throw Misplaced(node, "a mean over the steps of states", flow);
        var keeps = !node.Attributes.TryGetValue("keepdims", out var said) || said.Integer != 0;
        return flow with { Content = Content.Mean, Axes = keeps ? [.. flow.Axes.Select((each, at) => at == axis ? Axis.One : each)] : [.. flow.Axes.Where((_, at) => at != axis)] };
    }

    private Flow Multiplied(OnnxNode node, Flow flow)
    {
        bool Said(string key) => node.Attributes.TryGetValue(key, out var value) && value.Integer != 0;
        if (Said("transA") || (node.Attributes.TryGetValue("alpha", out var alpha) && alpha.Single != 1) || (node.Attributes.TryGetValue("beta", out var beta) && beta.Single != 1))
            throw Misplaced(node, "transA 0, alpha 1 and beta 1", flow);
        if (_constants.Find(OperatorLayer.Input(node, 1)) is not { Shape: [_, _] } matrix) throw Misplaced(node, "a stored matrix on the right", flow);
        var bias = OperatorLayer.Input(node, 2) is { Length: > 0 } name ? _constants.Find(name) ?? throw Misplaced(node, "a stored bias", flow) : null;
        var dense = new DenseWeights(matrix, Said("transB"), bias);
        RequireBias(node, flow, dense, bias);
        if (flow is { Content: Content.Frame, Layer: 0 })
        {
            Front = dense;
            return new Flow(bias is null ? Content.Dense : Content.DenseBiased, [.. flow.Axes.SkipLast(1), Axis.Feature]);
        }

        var isRead = flow.Content is Content.States or Content.Last or Content.Mean && flow is { Direction: null, Axes: [.., Axis.Feature] } && !flow.Axes.Contains(Axis.Direction) && flow.Layer == Layers.Count;
        if (!isRead || Head is not null) throw Misplaced(node, "one dense layer over the states of the last recurrent layer", flow);
        var states = Layers[^1][0].Hidden * DirectionCount;
        if (dense.Inputs != states) throw Place.Unexpected($"{node}: rows of the matrix", $"{states}", $"{dense.Inputs}");
        (Head, Readout) = (dense, flow.Content == Content.Mean ? Readout.Mean : Readout.Last);
        return flow with { Content = Content.Scores };
    }

    private void RequireBias(OnnxNode node, Flow flow, DenseWeights dense, StoredTensor? bias)
    {
        if (bias is not null && (bias.Count != dense.Outputs || bias.Shape.Length > 2)) throw Misplaced(node, $"a bias of {dense.Outputs} values", flow);
    }

    private Flow Biased(OnnxNode node, Flow flow)
    {
        var bias = node.Inputs.Select(input => _flows.ContainsKey(input) ? null : _constants.Find(input)).OfType<StoredTensor>().FirstOrDefault() ?? throw Misplaced(node, "a stored bias", flow);
        if (flow.Content == Content.Dense)
        {
            RequireBias(node, flow, Front!, bias);
            Front = Front! with { Bias = bias };
            return flow with { Content = Content.DenseBiased };
        }

        if (flow.Content != Content.Scores || Head!.Bias is not null) throw Misplaced(node, "a bias behind a matrix", flow);
        RequireBias(node, flow, Head, bias);
        Head = Head with { Bias = bias };
        return flow;
    }

    private Flow Leaky(OnnxNode node, Flow flow)
    {
        var slope = node.Attributes.TryGetValue("alpha", out var alpha) ? alpha.Single : 0.01f;
        return flow.Content is Content.Dense or Content.DenseBiased && slope == 0.01f ? flow with { Content = Content.Front } : throw Misplaced(node, "a slope of 0.01 behind a dense layer over the frames", flow);
    }

    private Flow Squashed(OnnxNode node, Flow flow)
    {
        var isSoftmax = node.Operator == "Softmax";
        if (flow.Content != Content.Scores || (!isSoftmax && !flow.Axes.Contains(Axis.Step))) throw Misplaced(node, isSoftmax ? "scores of classes" : "scores of notes at every step", flow);
        var axis = node.Attributes.TryGetValue("axis", out var said) ? Wrapped(said.Integer, flow) : flow.Axes.Length - 1;
        if (isSoftmax && axis != flow.Axes.Length - 1) throw Misplaced(node, "the last axis", flow);
        Task = isSoftmax ? SequenceTask.Class : SequenceTask.NextNotes;
        return flow with { Content = Content.Probabilities };
    }
}
