using System.Numerics;
using HTensor.Core;
using HTensor.Kernels;

namespace HTensor.Autodiff;

/// <summary>
/// y[u, m] = sum_n x[u, n] W[n, m] with W held as cores, over units of sixteen samples: [units, M, 16]. The inputs are the cores, in
/// their order; x comes from an <see cref="ILaneInput{T}"/>, or is the last input, [units, N, 16].
/// </summary>
public sealed class LaneLinear<T> : IOperation<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly MatrixNetwork _matrix;
    private readonly ILaneContraction<T> _contraction;
    private readonly ILaneInput<T> _input;
    private readonly LaneValues<T>? _variable;
    private readonly int _units;

    /// <summary>Over what <paramref name="frames"/> gives; no gradient goes there.</summary>
    public LaneLinear(string name, MatrixNetwork matrix, ILaneContraction<T> contraction, int units, ILaneInput<T> frames)
    {
        ArgumentNullException.ThrowIfNull(matrix);
        ArgumentNullException.ThrowIfNull(contraction);
        ArgumentNullException.ThrowIfNull(frames);
        ArgumentOutOfRangeException.ThrowIfLessThan(units, 1);
        (Name, _matrix, _contraction, _units, _input, _variable) = (name, matrix, contraction, units, frames, frames as LaneValues<T>);
    }

    /// <summary>Over a variable, the last input.</summary>
    public LaneLinear(string name, MatrixNetwork matrix, ILaneContraction<T> contraction, int units)
        : this(name, matrix, contraction, units, Values(matrix, null))
    {
    }

    /// <summary>Over a variable, the last input. Of units that are not active it takes nothing: their result and their gradient are 0.</summary>
    /// <param name="name">Name for reports.</param>
    /// <param name="matrix">W.</param>
    /// <param name="contraction">How it is run.</param>
    /// <param name="units">Units of the variable.</param>
    /// <param name="isActive">Whether any sample of a unit is there.</param>
    public LaneLinear(string name, MatrixNetwork matrix, ILaneContraction<T> contraction, int units, Predicate<int> isActive)
        : this(name, matrix, contraction, units, Values(matrix, isActive))
    {
    }

    public string Name { get; }

    private int Cores => _matrix.Cores.Count;

    public IReadOnlyList<int> ResultShape(IReadOnlyList<IReadOnlyList<int>> inputs)
    {
        ArgumentNullException.ThrowIfNull(inputs);
        OperationShape.RequireCount(Name, _variable is null ? Cores : Cores + 1, inputs.Count);
        for (var core = 0; core < Cores; core++) OperationShape.Require(Name, _matrix.Cores[core].Name, _matrix.CoreShape(core), inputs[core]);
        if (_variable is not null) OperationShape.Require(Name, "x", [_units, _matrix.Modes.Rows, LaneBlock.Width], inputs[Cores]);
        return [_units, _matrix.Modes.Columns, LaneBlock.Width];
    }

    public void Forward(OperationCall<T> call)
    {
        ArgumentNullException.ThrowIfNull(call);
        if (_variable is not null) _variable.Blocks = call.Inputs[Cores].Value;
        for (var core = 0; core < Cores; core++) _contraction.Bind(core, call.Inputs[core].Value, default);
        _contraction.UpdateWeights(call.Team);
        _contraction.Forward(_input, call.Result.Value, call.Team);
        if (_variable is not null) ClearInactive(call.Output);
    }

    /// <summary>dW[n, m] = sum over u of x[u, n] dy[u, m], on to the cores; dx[u, n] = sum over m of W[n, m] dy[u, m].</summary>
    public void Backward(OperationCall<T> call)
    {
        ArgumentNullException.ThrowIfNull(call);
        for (var core = 0; core < Cores; core++) _contraction.Bind(core, call.Inputs[core].Value, call.InputGradient(core));
        _contraction.Backward(_input, call.Result.Gradient, _variable is null ? default : call.InputGradient(Cores), call.Team);
        if (_variable is not null) ClearInactive(call.InputGradient(Cores).Span);
    }

    /// <summary>What a contraction leaves as it was may be of an earlier pass.</summary>
    private void ClearInactive(Span<T> lanes)
    {
        for (var unit = 0; unit < _units && !lanes.IsEmpty; unit++)
            if (!_input.IsActive(unit)) LaneBlock.Unit(lanes, unit, lanes.Length / (_units * LaneBlock.Width)).Clear();
    }

    private static LaneValues<T> Values(MatrixNetwork matrix, Predicate<int>? isActive)
    {
        ArgumentNullException.ThrowIfNull(matrix);
        return new LaneValues<T>(matrix.Modes.Rows, isActive);
    }
}
