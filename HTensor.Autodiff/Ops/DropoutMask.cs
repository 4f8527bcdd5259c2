using System.Numerics;
using HTensor.Kernels;

namespace HTensor.Autodiff;

/// <summary>
/// A mask for dropout: 0 at a part <c>rate</c> of the entries and 1 / (1 - rate) elsewhere, so that the mean stays. That of step k is a
/// function of (seed, stream, k) alone.
/// </summary>
public sealed class DropoutMask<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly T _kept;
    private readonly ulong _dropped;
    private readonly Philox _random;
    private readonly AlignedBuffer<T> _values;

    /// <exception cref="ArgumentOutOfRangeException"><paramref name="rate"/> is not in [0, 1).</exception>
    public DropoutMask(double rate, ulong seed, ulong stream, int length)
    {
        RequireRate(rate);
        (_kept, _random, _values) = (T.CreateChecked(1 / (1 - rate)), new Philox(seed, stream), new AlignedBuffer<T>(length));
        // Of the 2^32 numbers that one draw may give.
        _dropped = (ulong)(rate * (1ul << 32));
    }

    /// <summary>The mask that was drawn last.</summary>
    public ReadOnlySpan<T> Values => _values.Span;

    /// <summary>Draws that of a step, from 0; null: ones.</summary>
    public void Draw(long? step)
    {
        var mask = _values.Span;
        if (step is not { } drawn || _dropped == 0)
        {
            mask.Fill(T.One);
            return;
        }

        _random.Position = checked((ulong)drawn * (ulong)mask.Length);
        for (var i = 0; i < mask.Length; i++) mask[i] = _random.NextUInt32() < _dropped ? T.Zero : _kept;
    }

    /// <exception cref="ArgumentOutOfRangeException"><paramref name="rate"/> is not in [0, 1).</exception>
    internal static void RequireRate(double rate)
    {
        if (rate is not (>= 0 and < 1)) throw new ArgumentOutOfRangeException(nameof(rate), $"dropout: expected a rate from 0 to below 1, found {rate}");
    }
}
