using System.Numerics;
using HTensor.Kernels;

namespace HTensor.Autodiff;

/// <summary>
/// loss = mean over samples of -w[label] sum_k t_k log p_k, t_k = (1 - s) [k = label] + s / classes, p = softmax of the logits; w = 1 where no class weights are set,
/// and s = 0 without label smoothing. Input: logits [units, classes, 16]; the result is one number, in nats. Labels are read at each pass: one a lane, negative where there is no sample.
/// </summary>
public sealed class SoftmaxCrossEntropyLoss<T> : IOperation<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly ReadOnlyMemory<int> _labels;
    private int _units, _classes;
    private AlignedBuffer<T> _probabilities = new(0);

    /// <param name="name">Name for reports.</param>
    /// <param name="labels">[units * 16], the caller's own memory.</param>
    public SoftmaxCrossEntropyLoss(string name, ReadOnlyMemory<int> labels) => (Name, _labels) = (name, labels);

    public string Name { get; }

    /// <summary>p of the last forward pass, [units, classes, 16].</summary>
    public ReadOnlySpan<T> Probabilities => _probabilities.Span;

    /// <summary>w of each class; empty: 1. The mean is over samples, not over their weights.</summary>
    public ReadOnlyMemory<T> ClassWeights { get; set; }

    /// <summary>s, 0 to below 1: the part of a label that is spread over all classes.</summary>
    public T LabelSmoothing { get; set; }

    public IReadOnlyList<int> ResultShape(IReadOnlyList<IReadOnlyList<int>> inputs)
    {
        ArgumentNullException.ThrowIfNull(inputs);
        OperationShape.RequireCount(Name, 1, inputs.Count);
        if (inputs[0] is not [var units, var classes, LaneBlock.Width] || units * LaneBlock.Width != _labels.Length)
            throw new ArgumentException($"{Name}: expected [{_labels.Length / LaneBlock.Width}, classes, {LaneBlock.Width}], found [{string.Join(", ", inputs[0])}]");
        (_units, _classes) = (units, classes);
        _probabilities = new AlignedBuffer<T>(units * classes * LaneBlock.Width);
        return [1];
    }

    public void Forward(OperationCall<T> call)
    {
        ArgumentNullException.ThrowIfNull(call);
        Span<T> losses = stackalloc T[LaneBlock.Width];
        var sum = T.Zero;
        for (var unit = 0; unit < _units; unit++)
        {
            SoftmaxCrossEntropy.Forward(LaneBlock.Unit(call.Input(0), unit, _classes), Labels(unit), UnitProbabilities(unit), losses);
            if (LabelSmoothing > T.Zero) SmoothLosses(LaneBlock.Unit(call.Input(0), unit, _classes), Labels(unit), losses);
            for (var lane = 0; lane < LaneBlock.Width; lane++) sum += Weighted(losses[lane], Labels(unit)[lane]);
        }

        call.Output[0] = sum / Samples;
    }

    /// <summary>d logits = w[label] (p - t) / samples.</summary>
    public void Backward(OperationCall<T> call)
    {
        ArgumentNullException.ThrowIfNull(call);
        var gradient = call.InputGradient(0).Span;
        if (gradient.IsEmpty) return;
        var scale = call.OutputGradient[0] / Samples;
        for (var unit = 0; unit < _units; unit++)
        {
            var own = LaneBlock.Unit(gradient, unit, _classes);
            SoftmaxCrossEntropy.Backward(UnitProbabilities(unit), Labels(unit), scale, own);
            if (LabelSmoothing > T.Zero) SmoothGradient(Labels(unit), scale, own);
            if (ClassWeights.IsEmpty) continue;
            for (var i = 0; i < own.Length; i++) own[i] = Weighted(own[i], Labels(unit)[i % LaneBlock.Width]);
        }
    }

    /// <summary>-sum_k t_k log p_k = -log p[label] + s (x[label] - mean x).</summary>
    private void SmoothLosses(ReadOnlySpan<T> logits, ReadOnlySpan<int> labels, Span<T> losses)
    {
        for (var lane = 0; lane < LaneBlock.Width; lane++)
        {
            if (labels[lane] < 0) continue;
            var sum = T.Zero;
            for (var k = 0; k < _classes; k++) sum += logits[k * LaneBlock.Width + lane];
            losses[lane] += LabelSmoothing * (logits[labels[lane] * LaneBlock.Width + lane] - sum / T.CreateChecked(_classes));
        }
    }

    private void SmoothGradient(ReadOnlySpan<int> labels, T scale, Span<T> gradient)
    {
        var (all, own) = (scale * LabelSmoothing / T.CreateChecked(_classes), scale * LabelSmoothing);
        for (var lane = 0; lane < LaneBlock.Width; lane++)
        {
            if (labels[lane] < 0) continue;
            for (var k = 0; k < _classes; k++) gradient[k * LaneBlock.Width + lane] -= all;
            gradient[labels[lane] * LaneBlock.Width + lane] += own;
        }
    }

    private T Weighted(T value, int label) => ClassWeights.IsEmpty || label < 0 ? value : ClassWeights.Span[label] * value;

    private T Samples => PredictionShape.Count<T>(_labels.Span);

    private ReadOnlySpan<int> Labels(int unit) => LaneBlock.Unit(_labels.Span, unit, 1);

    private Span<T> UnitProbabilities(int unit) => LaneBlock.Unit(_probabilities.Span, unit, _classes);
}
