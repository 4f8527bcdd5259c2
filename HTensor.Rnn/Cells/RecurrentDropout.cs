using System.Numerics;
using System.Numerics.Tensors;
using HTensor.Autodiff;
using HTensor.Kernels;

namespace HTensor.Rnn;

/// <summary>
/// Dropout of the states that the product with U sees, one mask for all steps of a sequence (Gal, Ghahramani, arXiv 1512.05287): while training,
/// source_t = h_t mask / (1 - rate).
/// </summary>
internal sealed class RecurrentDropout<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly DropoutMask<T> _mask;
    private readonly int _hidden;
    private readonly AlignedBuffer<T> _sources, _gradients, _carried;

    /// <param name="batch">Groups and steps.</param>
    /// <param name="hidden">H.</param>
    /// <param name="rate">Part of the units, 0 to below 1.</param>
    /// <param name="seed">Of the masks.</param>
    /// <param name="stream">Of random numbers: another for each layer.</param>
    public RecurrentDropout(ISequenceBatch batch, int hidden, double rate, ulong seed, ulong stream)
    {
        _hidden = hidden;
        _mask = new DropoutMask<T>(rate, seed, stream, batch.Groups * hidden * LaneBlock.Width);
        (_sources, _gradients) = (LaneBuffer.Of<T>(batch.Groups, batch.Steps, hidden), LaneBuffer.Of<T>(batch.Groups, 1, hidden));
        _carried = LaneBuffer.Of<T>(batch.Groups, 1, hidden);
    }

    /// <summary>Which step's mask the next forward pass draws; null: none.</summary>
    public long? Step { get; set; }

    /// <summary>[units, H, 16].</summary>
    public ReadOnlySpan<T> Sources => _sources.Span;

    /// <summary>Of the states before the first step, [groups, H, 16].</summary>
    public ReadOnlySpan<T> Carried => _carried.Span;

    public void Draw() => _mask.Draw(Step);

    /// <summary>source = h mask of the states before the first step.</summary>
    public void MaskCarried(ReadOnlySpan<T> hidden) => TensorPrimitives.Multiply(hidden, _mask.Values, _carried.Span);

    public ReadOnlySpan<T> Source(int unit) => LaneBlock.Unit((ReadOnlySpan<T>)_sources.Span, unit, _hidden);

    public Span<T> Gradient(int group) => LaneBlock.Unit(_gradients.Span, group, _hidden);

    /// <summary>source = h mask, the piece's rows.</summary>
    public void Mask(UnitRange range, int group, int unit, ReadOnlySpan<T> hidden) =>
        TensorPrimitives.Multiply(range.Part(hidden), range.Part(MaskOf(group)), range.Part(LaneBlock.Unit(_sources.Span, unit, _hidden)));

    /// <summary>dh += d source mask, the piece's rows; d source is 0 then.</summary>
    public void PassOn(UnitRange range, int group, Span<T> hiddenGradient)
    {
        var to = range.Part(hiddenGradient);
        var gradient = range.Part(Gradient(group));
        TensorPrimitives.Multiply(gradient, range.Part(MaskOf(group)), gradient);
        TensorPrimitives.Add(to, gradient, to);
        gradient.Clear();
    }

    private ReadOnlySpan<T> MaskOf(int group) => LaneBlock.Unit(_mask.Values, group, _hidden);
}
