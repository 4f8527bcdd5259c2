using HTensor.Kernels;

namespace HTensor.Autodiff;

/// <summary>y = the part of x whose index in each mode is in a range: first to first + count - 1. One input; the result has the ranges' sizes.</summary>
public sealed class ModeSlice<T> : IOperation<T>
    where T : unmanaged
{
    private readonly (int First, int Count)[] _ranges;
    private int[] _offsets = [];
    private int _run;

    /// <param name="name">Name for reports.</param>
    /// <param name="ranges">One for each mode of the input.</param>
    public ModeSlice(string name, IReadOnlyList<(int First, int Count)> ranges) => (Name, _ranges) = (name, [.. ranges]);

    public string Name { get; }

    public IReadOnlyList<int> ResultShape(IReadOnlyList<IReadOnlyList<int>> inputs)
    {
        ArgumentNullException.ThrowIfNull(inputs);
        OperationShape.RequireCount(Name, 1, inputs.Count);
        var shape = inputs[0];
        if (shape.Count != _ranges.Length) throw new ArgumentException($"{Name}: expected {_ranges.Length} modes, found [{string.Join(", ", shape)}]");
        for (var mode = 0; mode < shape.Count; mode++)
        {
            var (first, count) = _ranges[mode];
            if (first < 0 || count < 1 || first > shape[mode] - count)
                throw new ArgumentException($"{Name}: mode {mode}: expected a range in a size of {shape[mode]}, found {count} from {first}");
        }

        // Rows along the last mode, each copied whole.
        int[] offsets = [0];
        for (var mode = 0; mode + 1 < shape.Count; mode++)
        {
            var (first, count) = _ranges[mode];
            var size = shape[mode];
            offsets = [.. offsets.SelectMany(offset => Enumerable.Range(first, count).Select(index => offset * size + index))];
        }

        (_offsets, _run) = ([.. offsets.Select(offset => offset * shape[^1] + _ranges[^1].First)], _ranges[^1].Count);
        return [.. _ranges.Select(range => range.Count)];
    }

    public void Forward(OperationCall<T> call)
    {
        ArgumentNullException.ThrowIfNull(call);
        for (var row = 0; row < _offsets.Length; row++) call.Input(0).Slice(_offsets[row], _run).CopyTo(call.Output[(row * _run)..]);
    }

    /// <summary>dx = dy where y was taken from, else 0.</summary>
    public void Backward(OperationCall<T> call)
    {
        ArgumentNullException.ThrowIfNull(call);
        var gradient = call.InputGradient(0).Span;
        if (gradient.IsEmpty) return;
        gradient.Clear();
        for (var row = 0; row < _offsets.Length; row++) call.OutputGradient.Slice(row * _run, _run).CopyTo(gradient[_offsets[row]..]);
    }
}
