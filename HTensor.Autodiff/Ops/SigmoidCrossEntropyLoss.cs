using System.Numerics;
using HTensor.Kernels;

namespace HTensor.Autodiff;

/// <summary>
/// loss = mean over predictions of sum over rows of -t ln p - (1 - t) ln(1 - p), p = sigmoid(logits): events that are independent of each
/// other. Input: logits [units, rows, 16]; the result is one number, in nats. Targets and which predictions count are read at each pass.
/// </summary>
public sealed class SigmoidCrossEntropyLoss<T> : IOperation<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly ReadOnlyMemory<T> _targets;
    private readonly ReadOnlyMemory<int> _labels;
    private AlignedBuffer<T> _probabilities = new(0), _losses = new(0);
    private int _units, _rows;

    /// <param name="name">Name for reports.</param>
    /// <param name="targets">t [units, rows, 16], the caller's own memory.</param>
    /// <param name="labels">[units * 16]: negative where there is no prediction.</param>
    public SigmoidCrossEntropyLoss(string name, ReadOnlyMemory<T> targets, ReadOnlyMemory<int> labels) => (Name, _targets, _labels) = (name, targets, labels);

    public string Name { get; }

    /// <summary>p of the last forward pass, [units, rows, 16].</summary>
    public ReadOnlySpan<T> Probabilities => _probabilities.Span;

    public IReadOnlyList<int> ResultShape(IReadOnlyList<IReadOnlyList<int>> inputs)
    {
        ArgumentNullException.ThrowIfNull(inputs);
        (_units, _rows) = PredictionShape.Require(Name, inputs, _targets.Length, _labels.Length);
        (_probabilities, _losses) = (new AlignedBuffer<T>(_targets.Length), new AlignedBuffer<T>(_rows * LaneBlock.Width));
        return [1];
    }

    public void Forward(OperationCall<T> call)
    {
        ArgumentNullException.ThrowIfNull(call);
        var sum = T.Zero;
        for (var unit = 0; unit < _units; unit++)
        {
            SigmoidCrossEntropy.Forward(LaneBlock.Unit(call.Input(0), unit, _rows), LaneBlock.Unit(_targets.Span, unit, _rows),
                LaneBlock.Unit(_probabilities.Span, unit, _rows), _losses.Span);
            sum += PredictionShape.Sum(_losses.Span, LaneBlock.Unit(_labels.Span, unit, 1));
        }

        call.Output[0] = sum / PredictionShape.Count<T>(_labels.Span);
    }

    /// <summary>d logits = (p - t) / predictions, 0 where there is none.</summary>
    public void Backward(OperationCall<T> call)
    {
        ArgumentNullException.ThrowIfNull(call);
        if (call.InputGradient(0) is { IsEmpty: false } gradient)
            PredictionShape.Difference(_probabilities.Span, _targets.Span, _labels.Span, _rows, call.OutputGradient[0] / PredictionShape.Count<T>(_labels.Span), gradient.Span);
    }
}
