using System.Numerics;
using System.Numerics.Tensors;
using HTensor.Kernels;

namespace HTensor.Autodiff;

/// <summary>
/// While training, y = x mask / (1 - rate) with mask 0 at a part <c>rate</c> of the entries and 1 elsewhere, so that the mean stays; else y = x.
/// The mask of step k is a function of (seed, k) alone.
/// </summary>
public sealed class Dropout<T> : IOperation<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>Of random numbers; a model's first values are drawn from stream 0.</summary>
    private const ulong Stream = 1;

    private readonly T _kept;
    private readonly ulong _dropped;
    private readonly Philox _random;
    private AlignedBuffer<T> _mask = new(0);

    /// <exception cref="ArgumentOutOfRangeException"><paramref name="rate"/> is not in [0, 1).</exception>
    public Dropout(string name, double rate, ulong seed)
    {
        if (rate is not (>= 0 and < 1)) throw new ArgumentOutOfRangeException(nameof(rate), $"dropout: expected a rate from 0 to below 1, found {rate}");
        (Name, _kept, _random) = (name, T.CreateChecked(1 / (1 - rate)), new Philox(seed, Stream));
        // Of the 2^32 numbers that one draw may give.
        _dropped = (ulong)(rate * (1ul << 32));
    }

    public string Name { get; }

    /// <summary>Which step's mask the next forward pass draws, from 0; null: no mask, as when a model is used.</summary>
    public long? Step { get; set; }

    public IReadOnlyList<int> ResultShape(IReadOnlyList<IReadOnlyList<int>> inputs)
    {
        ArgumentNullException.ThrowIfNull(inputs);
        OperationShape.RequireCount(Name, 1, inputs.Count);
        _mask = new AlignedBuffer<T>(inputs[0].Aggregate(1, (product, size) => product * size));
        return inputs[0];
    }

    public void Forward(OperationCall<T> call)
    {
        ArgumentNullException.ThrowIfNull(call);
        var mask = _mask.Span;
        DrawMask(mask);
        TensorPrimitives.Multiply(call.Input(0), mask, call.Output);
    }

    /// <summary>dx = dy mask / (1 - rate).</summary>
    public void Backward(OperationCall<T> call)
    {
        ArgumentNullException.ThrowIfNull(call);
        if (call.Inputs[0].HasGradient) TensorPrimitives.Multiply(call.OutputGradient, _mask.Span, call.InputGradient(0).Span);
    }

    private void DrawMask(Span<T> mask)
    {
        if (Step is not { } step || _dropped == 0)
        {
            mask.Fill(T.One);
            return;
        }

        _random.Position = checked((ulong)step * (ulong)mask.Length);
        for (var i = 0; i < mask.Length; i++) mask[i] = _random.NextUInt32() < _dropped ? T.Zero : _kept;
    }
}
