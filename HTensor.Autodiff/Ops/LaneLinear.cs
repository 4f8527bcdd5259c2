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
    private readonly ILaneInput<T>? _frames;
    private readonly LaneValues<T>? _values;
    private readonly int _units;

    /// <summary>Over what <paramref name="frames"/> gives; no gradient goes there.</summary>
    public LaneLinear(string name, MatrixNetwork matrix, ILaneContraction<T> contraction, int units, ILaneInput<T> frames)
        : this(name, matrix, contraction, units) => _frames = frames;

    /// <summary>Over a variable, the last input.</summary>
    public LaneLinear(string name, MatrixNetwork matrix, ILaneContraction<T> contraction, int units)
    {
        ArgumentNullException.ThrowIfNull(matrix);
        (Name, _matrix, _contraction, _units) = (name, matrix, contraction, units);
        _values = new LaneValues<T>(matrix.Modes.Rows);
    }

    public string Name { get; }

    private int Cores => _matrix.Cores.Count;

    public IReadOnlyList<int> ResultShape(IReadOnlyList<IReadOnlyList<int>> inputs)
    {
        ArgumentNullException.ThrowIfNull(inputs);
        var expected = _frames is null ? Cores + 1 : Cores;
        if (inputs.Count != expected) throw new ArgumentException($"{Name}: expected {expected} inputs, found {inputs.Count}");
        for (var core = 0; core < Cores; core++) OperationShape.Require(Name, _matrix.Cores[core].Name, _matrix.CoreShape(core), inputs[core]);
        if (_frames is null) OperationShape.Require(Name, "x", [_units, _matrix.Modes.Rows, LaneBlock.Width], inputs[Cores]);
        return [_units, _matrix.Modes.Columns, LaneBlock.Width];
    }

    public void Forward(OperationCall<T> call)
    {
        ArgumentNullException.ThrowIfNull(call);
        for (var core = 0; core < Cores; core++) _contraction.Bind(core, call.Inputs[core].Value, default);
        _contraction.Forward(Source(call), call.Result.Value, call.Team);
    }

    public void Backward(OperationCall<T> call)
    {
        ArgumentNullException.ThrowIfNull(call);
        for (var core = 0; core < Cores; core++) _contraction.Bind(core, call.Inputs[core].Value, call.InputGradient(core));
        _contraction.Backward(Source(call), call.Result.Gradient, _frames is null ? call.InputGradient(Cores) : default, call.Team);
    }

    private ILaneInput<T> Source(OperationCall<T> call)
    {
        if (_frames is not null) return _frames;
        _values!.Blocks = call.Inputs[Cores].Value;
        return _values;
    }
}
