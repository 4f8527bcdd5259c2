using HTensor.Core;

namespace HTensor.Onnx;

/// <summary>
/// Values of a graph that depend on stored tensors alone: initializers, Constant nodes, and what exporters cut and join of them. A body sees what the
/// graphs around it have.
/// </summary>
internal sealed class Constants
{
    private const int Deepest = 64;

    /// <summary>Bytes that may be made for each that is stored: joining a value with itself over and over doubles it at every node.</summary>
    private const int MostMade = 16;

    private const long Free = 1 << 20;

    private readonly string _path;
    private readonly Constants? _outer;
    private readonly OnnxGraph _graph;
    private readonly Dictionary<string, OnnxNode> _makers = [];
    private readonly Dictionary<string, StoredTensor?> _found = [];
    private long _stored, _made;

    public Constants(string path, OnnxGraph graph, Constants? outer)
    {
        (_path, _graph, _outer) = (path, graph, outer);
        foreach (var node in graph.Nodes)
            foreach (var output in node.Outputs) _makers.TryAdd(output, node);
    }

    public DataPlace Place => new(_path);

    private Constants Root => _outer?.Root ?? this;

    /// <summary>The elements of a value; null: they are not known.</summary>
    /// <exception cref="InvalidDataException">What is stored does not fit, or values depend on themselves.</exception>
    public StoredTensor? Find(string name, int depth = 0)
    {
        if (name.Length == 0) return null;
        if (_found.TryGetValue(name, out var known)) return known;
        if (depth > Deepest) throw Place.Wrong($"'{name}': expected constants made in at most {Deepest} steps, found a cycle or a longer way");
        return _found[name] = _graph.Initializers.TryGetValue(name, out var tensor) ? Stored(tensor)
            : _makers.TryGetValue(name, out var node) ? Fold(node, depth + 1)
            : _outer?.Find(name, depth + 1);
    }

    private StoredTensor Stored(OnnxTensor tensor)
    {
        var stored = StoredTensor.Of(_path, tensor);
        Root._stored += stored.Bytes.Length;
        return stored;
    }

    private byte[] Made(long length)
    {
        var root = Root;
        root._made += length;
        return root._made <= Free + MostMade * root._stored ? new byte[length] : throw Place.Unexpected("constants joined and turned", $"at most {Free + MostMade * root._stored} bytes", $"{root._made}");
    }

    private StoredTensor? Fold(OnnxNode node, int depth)
    {
        if (node.Operator == "Constant") return Constant(node);
        if (node.Operator is not ("Identity" or "Unsqueeze" or "Squeeze" or "Slice" or "Concat" or "Transpose") || node.Inputs.Count == 0) return null;
        var inputs = new StoredTensor?[node.Inputs.Count];
        for (var i = 0; i < inputs.Length; i++)
        {
            inputs[i] = Find(node.Inputs[i], depth);
            if (inputs[i] is null && node.Inputs[i].Length > 0) return null;
        }

        var first = inputs[0] ?? throw Place.Wrong($"{node}: expected an input, found none");
        return node.Operator switch
        {
            "Identity" => first,
            "Unsqueeze" => Unsqueezed(first, Axes(node, inputs, first.Shape.Length + 1)),
            "Squeeze" => Squeezed(first, Axes(node, inputs, first.Shape.Length)),
            "Transpose" => Transposed(node, first),
            "Concat" => Joined(node, inputs),
            _ => Sliced(node, inputs),
        };
    }

    private StoredTensor? Constant(OnnxNode node)
    {
        if (node.Attributes.TryGetValue("value", out var value) && value.Tensor is { } tensor)
        {
            if (tensor.Name.Length == 0 && node.Outputs.Count > 0) tensor.Name = node.Outputs[0];
            return Stored(tensor);
        }

        if (node.Attributes.TryGetValue("value_int", out var one)) return Numbers([one.Integer], []);
        return node.Attributes.TryGetValue("value_ints", out var several) ? Numbers([.. several.Integers], [several.Integers.Count]) : null;

        StoredTensor Numbers(long[] numbers, int[] shape) => new(Place, ElementType.Int64, shape, System.Runtime.InteropServices.MemoryMarshal.AsBytes<long>(numbers).ToArray());
    }

    private static long[] Axes(OnnxNode node, StoredTensor?[] inputs, int rank) =>
        [.. ((inputs.Length > 1 ? inputs[1]?.Integers : null) ?? (node.Attributes.TryGetValue("axes", out var axes) ? [.. axes.Integers] : [])).Select(axis => axis < 0 ? axis + rank : axis).Order()];

    private StoredTensor Unsqueezed(StoredTensor tensor, long[] axes)
    {
        List<int> shape = [.. tensor.Shape];
        foreach (var axis in axes)
        {
            if (axis < 0 || axis > shape.Count) throw Place.Wrong($"Unsqueeze: expected an axis of 0 to {shape.Count}, found {axis}");
            shape.Insert((int)axis, 1);
        }

        return tensor with { Shape = [.. shape] };
    }

    private StoredTensor Squeezed(StoredTensor tensor, long[] axes)
    {
        if (axes.Any(axis => axis < 0 || axis >= tensor.Shape.Length || tensor.Shape[axis] != 1)) throw Place.Wrong("Squeeze of a constant: expected axes of size 1, found others");
        return tensor with { Shape = [.. tensor.Shape.Where((size, axis) => axes.Length == 0 ? size != 1 : !axes.Contains(axis))] };
    }

    private StoredTensor Transposed(OnnxNode node, StoredTensor tensor)
    {
        if (tensor.Shape.Length != 2) throw Place.Wrong($"{node} of a constant: expected a matrix, found {tensor.Shape.Length} axes");
        var (rows, columns, size) = (tensor.Shape[0], tensor.Shape[1], StoredTensor.SizeOf(tensor.Type));
        var bytes = Made(tensor.Bytes.Length);
        for (var i = 0; i < rows * columns; i++) tensor.Bytes.Span.Slice(i * size, size).CopyTo(bytes.AsSpan((i % columns * rows + i / columns) * size));
        return tensor with { Shape = [columns, rows], Bytes = bytes };
    }

    /// <summary>Along the first axis, as gates are put in order.</summary>
    private StoredTensor? Joined(OnnxNode node, StoredTensor?[] parts)
    {
        var first = parts[0]!;
        if (Axis(node, first) != 0 || parts.Any(part => part is null || part.Type != first.Type || part.Shape.Length == 0 || !part.Shape.Skip(1).SequenceEqual(first.Shape.Skip(1)))) return null;
        var bytes = Made(parts.Sum(part => (long)part!.Bytes.Length));
        var at = 0;
        foreach (var part in parts)
        {
            part!.Bytes.Span.CopyTo(bytes.AsSpan(at));
            at += part.Bytes.Length;
        }

        return first with { Shape = [parts.Sum(part => part!.Shape[0]), .. first.Shape.Skip(1)], Bytes = bytes };
    }

    private static long Axis(OnnxNode node, StoredTensor tensor) => node.Attributes.TryGetValue("axis", out var axis) ? axis.Integer < 0 ? axis.Integer + tensor.Shape.Length : axis.Integer : 0;

    /// <summary>Neighbouring rows of the first axis.</summary>
    private static StoredTensor? Sliced(OnnxNode node, StoredTensor?[] inputs)
    {
        if (inputs.Length < 3 || inputs[0] is not { Shape: [var rows, ..] } tensor) return null;
        var (starts, ends) = (inputs[1]!.Integers, inputs[2]!.Integers);
        if (starts.Length != 1 || ends.Length != 1 || (inputs.Length > 3 && inputs[3]?.Integers is not [0]) || (inputs.Length > 4 && inputs[4]?.Integers is not (null or [1]))) return null;
        var first = Math.Clamp(starts[0] < 0 ? starts[0] + rows : starts[0], 0, rows);
        var last = Math.Clamp(ends[0] < 0 ? ends[0] + rows : ends[0], first, rows);
        if (rows == 0) return tensor;
        var row = tensor.Bytes.Length / rows;
        return tensor with { Shape = [(int)(last - first), .. tensor.Shape.Skip(1)], Bytes = tensor.Bytes.Slice((int)first * row, (int)(last - first) * row) };
    }
}
