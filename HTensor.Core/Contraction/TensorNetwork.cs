namespace HTensor.Core;

/// <summary>
/// Tensors with labelled modes, and the modes of the result. Equal labels are the same index; a label that the result does not name is
/// summed. A bond may join any number of operands. Immutable.
/// </summary>
public sealed class TensorNetwork
{
    private readonly int[] _sizes;
    private readonly string[] _labels;
    private readonly int[][] _operandModes;
    private readonly int[] _resultModes;

    /// <param name="operands">At least one; no label twice within one operand.</param>
    /// <param name="result">Labels of the result, each of them in some operand.</param>
    /// <param name="sizes">Size of every label.</param>
    /// <exception cref="ArgumentException">A label has no size, stands twice in one operand, is in no operand, or is summed over one operand alone.</exception>
    public TensorNetwork(IReadOnlyList<NetworkOperand> operands, IReadOnlyList<string> result, IReadOnlyDictionary<string, int> sizes)
    {
        ArgumentNullException.ThrowIfNull(operands);
        ArgumentNullException.ThrowIfNull(result);
        ArgumentNullException.ThrowIfNull(sizes);
        if (operands.Count == 0) throw new ArgumentException("tensor network: expected at least one operand, found none");
        Operands = [.. operands];
        _labels = [.. operands.SelectMany(operand => operand.Modes).Distinct()];
        var ids = _labels.Select((label, id) => (label, id)).ToDictionary(pair => pair.label, pair => pair.id);
        _sizes = [.. _labels.Select(label => SizeOf(label, sizes))];
        _operandModes = [.. operands.Select(operand => Distinct(operand.Name, operand.Modes, ids))];
        _resultModes = Distinct("result", result, ids);
        RequireNoLoneSum();
    }

    public IReadOnlyList<NetworkOperand> Operands { get; }

    /// <summary>Label of each mode id.</summary>
    public IReadOnlyList<string> Labels => _labels;

    /// <summary>Size of each mode id.</summary>
    public IReadOnlyList<int> Sizes => _sizes;

    /// <summary>Mode ids of the result, in order.</summary>
    public IReadOnlyList<int> ResultModes => _resultModes;

    /// <summary>Mode ids of an operand, in order.</summary>
    public IReadOnlyList<int> OperandModes(int operand) => _operandModes[operand];

    /// <summary>Number of elements over the given mode ids; a double, since a product of sizes may exceed any integer.</summary>
    public double Volume(IEnumerable<int> modes) => modes.Aggregate(1.0, (product, mode) => product * _sizes[mode]);

    /// <summary>The network as an einsum string over its labels: <c>x[b,n0] W[n0,m0] -> [b,m0]</c>.</summary>
    public override string ToString() =>
        string.Join(' ', Operands.Select(operand => $"{operand.Name}[{string.Join(',', operand.Modes)}]")) +
        $" -> [{string.Join(',', _resultModes.Select(mode => _labels[mode]))}]";

    private static int SizeOf(string label, IReadOnlyDictionary<string, int> sizes)
    {
        if (!sizes.TryGetValue(label, out var size)) throw new ArgumentException($"tensor network: mode '{label}' has no size");
        if (size < 1) throw new ArgumentException($"tensor network: mode '{label}': expected a size of at least 1, found {size}");
        return size;
    }

    private static int[] Distinct(string name, IReadOnlyList<string> modes, Dictionary<string, int> ids)
    {
        if (modes.Distinct().Count() != modes.Count)
            throw new ArgumentException($"tensor network: {name}[{string.Join(',', modes)}] names a mode twice");
        return [.. modes.Select(mode => ids.TryGetValue(mode, out var id)
            ? id
            : throw new ArgumentException($"tensor network: {name} names mode '{mode}', which no operand has"))];
    }

    private void RequireNoLoneSum()
    {
        for (var mode = 0; mode < _sizes.Length; mode++)
        {
            if (!_resultModes.Contains(mode) && _operandModes.Count(modes => modes.Contains(mode)) < 2)
                throw new ArgumentException($"tensor network: mode '{_labels[mode]}' is in one operand alone and not in the result; sum it first");
        }
    }
}
