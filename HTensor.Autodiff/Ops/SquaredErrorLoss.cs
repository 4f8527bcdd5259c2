using System.Numerics;
using HTensor.Kernels;

namespace HTensor.Autodiff;

/// <summary>
/// loss = mean over predictions of sum over rows of (y - t)^2. Input: y [units, rows, 16]; the result is one number. Targets and which
/// predictions count are read at each pass.
/// </summary>
public sealed class SquaredErrorLoss<T> : IOperation<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly ReadOnlyMemory<T> _targets;
    private readonly ReadOnlyMemory<int> _labels;
    private AlignedBuffer<T> _squares = new(0);
    private int _units, _rows;

    /// <param name="name">Name for reports.</param>
    /// <param name="targets">t [units, rows, 16], the caller's own memory.</param>
    /// <param name="labels">[units * 16]: negative where there is no prediction.</param>
    public SquaredErrorLoss(string name, ReadOnlyMemory<T> targets, ReadOnlyMemory<int> labels) => (Name, _targets, _labels) = (name, targets, labels);

    public string Name { get; }

    public IReadOnlyList<int> ResultShape(IReadOnlyList<IReadOnlyList<int>> inputs)
    {
        ArgumentNullException.ThrowIfNull(inputs);
        (_units, _rows) = PredictionShape.Require(Name, inputs, _targets.Length, _labels.Length);
        _squares = new AlignedBuffer<T>(_rows * LaneBlock.Width);
        return [1];
    }

    public void Forward(OperationCall<T> call)
    {
        ArgumentNullException.ThrowIfNull(call);
        var squares = _squares.Span;
        var sum = T.Zero;
        for (var unit = 0; unit < _units; unit++)
        {
            var y = LaneBlock.Unit(call.Input(0), unit, _rows);
            var t = LaneBlock.Unit(_targets.Span, unit, _rows);
            for (var i = 0; i < y.Length; i++) squares[i] = (y[i] - t[i]) * (y[i] - t[i]);
            sum += PredictionShape.Sum(squares, LaneBlock.Unit(_labels.Span, unit, 1));
        }

        call.Output[0] = sum / PredictionShape.Count<T>(_labels.Span);
    }

    /// <summary>dy = 2 (y - t) / predictions, 0 where there is none.</summary>
    public void Backward(OperationCall<T> call)
    {
        ArgumentNullException.ThrowIfNull(call);
        if (call.InputGradient(0) is not { IsEmpty: false } gradient) return;
        var scale = call.OutputGradient[0] / PredictionShape.Count<T>(_labels.Span);
        PredictionShape.Difference(call.Input(0), _targets.Span, _labels.Span, _rows, scale + scale, gradient.Span);
    }
}
