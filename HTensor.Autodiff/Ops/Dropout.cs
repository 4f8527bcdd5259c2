using System.Numerics;
using System.Numerics.Tensors;

namespace HTensor.Autodiff;

/// <summary>
/// While training, y = x mask / (1 - rate) with mask 0 at a part <c>rate</c> of the entries and 1 elsewhere, so that the mean stays; else y = x.
/// The mask of step k is a function of (seed, stream, k) alone.
/// </summary>
public sealed class Dropout<T> : IOperation<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly double _rate;
    private readonly ulong _seed, _stream;
    private DropoutMask<T> _mask;

    /// <param name="name">Name for reports.</param>
    /// <param name="rate">Part that is dropped.</param>
    /// <param name="seed">Of the masks.</param>
    /// <param name="stream">Of random numbers, another for each dropout of one seed; a model's first values are drawn from stream 0.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="rate"/> is not in [0, 1).</exception>
    public Dropout(string name, double rate, ulong seed, ulong stream = 1)
    {
        (Name, _rate, _seed, _stream) = (name, rate, seed, stream);
        _mask = new DropoutMask<T>(rate, seed, stream, 0);
    }

    public string Name { get; }

    /// <summary>Which step's mask the next forward pass draws, from 0; null: no mask, as when a model is used.</summary>
    public long? Step { get; set; }

    public IReadOnlyList<int> ResultShape(IReadOnlyList<IReadOnlyList<int>> inputs)
    {
        ArgumentNullException.ThrowIfNull(inputs);
        OperationShape.RequireCount(Name, 1, inputs.Count);
        _mask = new DropoutMask<T>(_rate, _seed, _stream, inputs[0].Aggregate(1, (product, size) => product * size));
        return inputs[0];
    }

    public void Forward(OperationCall<T> call)
    {
        ArgumentNullException.ThrowIfNull(call);
        _mask.Draw(Step);
        TensorPrimitives.Multiply(call.Input(0), _mask.Values, call.Output);
    }

    /// <summary>dx = dy mask / (1 - rate).</summary>
    public void Backward(OperationCall<T> call)
    {
        ArgumentNullException.ThrowIfNull(call);
        if (call.Inputs[0].HasGradient) TensorPrimitives.Multiply(call.OutputGradient, _mask.Values, call.InputGradient(0).Span);
    }
}
