using System.Numerics;
using HTensor.Kernels;

namespace HTensor.Core;

/// <summary>
/// Runs pairwise products over plain row-major arrays: a whole plan, or the part of it that depends on weights alone. Holds values and
/// gradients of the intermediates; after construction it allocates nothing.
/// </summary>
public sealed class ContractionExecutor<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly Step[] _steps;
    private readonly ModeLayout[] _layouts;
    private readonly Memory<T>[] _values;
    private readonly Memory<T>[] _gradients;
    private readonly int _operands;

    /// <summary>All steps of a plan; the result is in the network's own mode order.</summary>
    /// <exception cref="ArgumentException">The network is one operand, and its result has another order of modes: that is a copy, no product.</exception>
    public ContractionExecutor(ContractionPlan plan)
        : this(plan, _ => true)
    {
    }

    /// <param name="plan">The plan.</param>
    /// <param name="included">Which step numbers to run.</param>
    internal ContractionExecutor(ContractionPlan plan, Predicate<int> included)
    {
        ArgumentNullException.ThrowIfNull(plan);
        ElementType.Validate<T>();
        var network = plan.Network;
        int Size(int mode) => network.Sizes[mode];
        _operands = network.Operands.Count;
        var nodes = _operands + plan.Steps.Count;
        _layouts = new ModeLayout[nodes];
        _values = new Memory<T>[nodes];
        _gradients = new Memory<T>[nodes];
        for (var node = 0; node < _operands; node++) _layouts[node] = new ModeLayout(network.OperandModes(node), Size);
        var steps = new List<Step>();
        for (var i = 0; i < plan.Steps.Count; i++)
        {
            if (!included(i)) continue;
            var (step, node) = (plan.Steps[i], _operands + i);
            _layouts[node] = new ModeLayout(i + 1 == plan.Steps.Count ? network.ResultModes : step.Modes, Size);
            _values[node] = new AlignedBuffer<T>(_layouts[node].Length).Memory;
            _gradients[node] = new AlignedBuffer<T>(_layouts[node].Length).Memory;
            steps.Add(new Step(step.Left, step.Right, node, new PairProduct(_layouts[step.Left], _layouts[step.Right], _layouts[node], Size)));
        }

        _steps = [.. steps];
        ResultNode = nodes - 1;
        if (plan.Steps.Count == 0 && !network.ResultModes.SequenceEqual(network.OperandModes(0)))
            throw new ArgumentException($"contraction of one operand: expected the result [{string.Join(',', network.Operands[0].Modes)}], found {network}");
    }

    /// <summary>Node of the whole network's result.</summary>
    public int ResultNode { get; }

    /// <summary>Names the memory of an operand's value and, where it is wanted, of its gradient; both row-major in the operand's modes.</summary>
    /// <exception cref="ArgumentException">There is no such operand, or a length is not its own.</exception>
    public void Bind(int operand, Memory<T> value, Memory<T> gradient)
    {
        if ((uint)operand >= (uint)_operands) throw new ArgumentOutOfRangeException(nameof(operand), $"contraction: expected an operand of 0 to {_operands - 1}, found {operand}");
        Require(value.Length, operand, "value");
        if (!gradient.IsEmpty) Require(gradient.Length, operand, "gradient");
        (_values[operand], _gradients[operand]) = (value, gradient);
    }

    /// <summary>Value of a node: an operand's own memory, or an intermediate of the last <see cref="Forward"/>.</summary>
    public Span<T> Value(int node) => _values[node].Span;

    /// <summary>Gradient of a node. Of the nodes that no step here consumes, the caller writes it before <see cref="Backward"/>.</summary>
    public Span<T> Gradient(int node) => _gradients[node].Span;

    public void Forward(ThreadTeam team)
    {
        foreach (var step in _steps)
            step.Product.Multiply<T>(Value(step.Left), Value(step.Right), Value(step.Result), team);
    }

    /// <summary>Walks the steps backwards and overwrites the gradients of operands and intermediates.</summary>
    public void Backward(ThreadTeam team)
    {
        for (var i = _steps.Length - 1; i >= 0; i--)
        {
            var (left, right, result, product) = _steps[i];
            if (!_gradients[left].IsEmpty) product.LeftGradient<T>(Value(right), Gradient(result), Gradient(left), team);
            if (!_gradients[right].IsEmpty) product.RightGradient<T>(Value(left), Gradient(result), Gradient(right), team);
        }
    }

    internal ModeLayout Layout(int node) => _layouts[node];

    internal ReadOnlyMemory<T> Memory(int node) => _values[node];

    private void Require(int found, int operand, string what)
    {
        if (found != _layouts[operand].Length)
            throw new ArgumentException($"contraction operand {operand}: expected {_layouts[operand].Length} elements of {what}, found {found}");
    }

    private sealed record Step(int Left, int Right, int Result, PairProduct Product);
}
