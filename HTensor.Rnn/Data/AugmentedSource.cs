using System.Runtime.InteropServices;
using HTensor.Kernels;

namespace HTensor.Rnn;

/// <summary>
/// Another source's samples as <see cref="Rnn.Augmentation"/> changes them in an epoch. Sample s of epoch e draws its numbers from place e * samples + s of one
/// stream, whoever reads it. Once every reading thread has had its scratch, reading allocates nothing.
/// </summary>
internal sealed class AugmentedSource : ITargetSource
{
    private const ulong Stream = 1ul << 40;

    // Numbers of 32 bits that a sample may draw.
    private const ulong Draws = 16;

    private readonly ISequenceSource _source;
    private readonly Augmentation _augmentation;
    private readonly ulong _seed;
    private readonly double[] _amounts;
    private readonly FrameMove _move;
    private readonly int _frameBytes;
    private readonly Stack<Scratch> _idle = new();

    /// <param name="source">The samples.</param>
    /// <param name="augmentation">How they are changed; fits the frames, see <see cref="Require"/>.</param>
    /// <param name="deviation">Of each channel.</param>
    /// <param name="seed">Of what is drawn.</param>
    public AugmentedSource(ISequenceSource source, Augmentation augmentation, IReadOnlyList<float> deviation, ulong seed)
    {
        (_source, _augmentation, _seed) = (source, augmentation, seed);
        _amounts = [.. deviation.Select(value => value * augmentation.Brightness)];
        _move = new FrameMove(source.FrameShape, SequenceExtent.SizeOf(source.Element));
        _frameBytes = checked(SequenceExtent.FrameSizeOf(source.FrameShape) * SequenceExtent.SizeOf(source.Element));
    }

    /// <summary>Epoch whose samples are read, from 1.</summary>
    public int Epoch { get; set; } = 1;

    public int Count => _source.Count;

    public int Steps => _source.Steps;

    public IReadOnlyList<int> FrameShape => _source.FrameShape;

    public FrameElement Element => _source.Element;

    public int TargetCount => (_source as ITargetSource)?.TargetCount ?? 0;

    /// <exception cref="ArgumentException">An option is out of its range or does not fit the frames.</exception>
    public static void Require(Augmentation augmentation, IReadOnlyList<int> frameShape)
    {
        var shape = string.Join(", ", frameShape);
        Require("shift", "0 or more", augmentation.Shift, augmentation.Shift >= 0);
        Require("flip", "a number from 0 to 1", augmentation.Flip, augmentation.Flip is >= 0 and <= 1);
        Require("brightness", "a finite number of at least 0", augmentation.Brightness, double.IsFinite(augmentation.Brightness) && augmentation.Brightness >= 0);
        Require("time jitter", "0 or more", augmentation.TimeJitter, augmentation.TimeJitter >= 0);
        if (augmentation.Flip > 0 && frameShape.Count is not (2 or 3)) throw new ArgumentException($"flip: expected frames [height, width] or [height, width, channels], found [{shape}]");
        if (augmentation.Shift > 0 && frameShape.Count > 3) throw new ArgumentException($"shift: expected frames [values], [height, width] or [height, width, channels], found [{shape}]");

        static void Require(string what, string expected, double found, bool holds)
        {
            if (!holds) throw new ArgumentException($"{what}: expected {expected}, found {found}");
        }
    }

    public int Length(int sample) => _source.Length(sample);

    public int Label(int sample) => _source.Label(sample);

    public int FirstPrediction(int sample) => _source.FirstPrediction(sample);

    public float Target(int sample, int index) => ((ITargetSource)_source).Target(sample, index);

    public ReadOnlyMemory<byte> Read(int sample, Memory<byte> scratch)
    {
        var own = Rent();
        try
        {
            Change(sample, _source.Read(sample, own.Sample).Span, scratch.Span, own.Random);
        }
        finally
        {
            lock (_idle) _idle.Push(own);
        }

        return scratch[..(Steps * _frameBytes)];
    }

    private void Change(int sample, ReadOnlySpan<byte> source, Span<byte> destination, Philox random)
    {
        random.Position = checked(((ulong)Epoch * (ulong)Count + (ulong)sample) * Draws);
        var (down, right, late) = (Draw(_augmentation.Shift), Draw(_augmentation.Shift), Draw(_augmentation.TimeJitter));
        var facing = random.NextUniform() < _augmentation.Flip ? Facing.Mirrored : Facing.AsItIs;
        var brighter = 2 * random.NextUniform() - 1;
        var length = Length(sample);
        for (var step = 0; step < length; step++)
        {
            var from = Math.Clamp(step - late, 0, length - 1);
            _move.Apply(source.Slice(from * _frameBytes, _frameBytes), destination.Slice(step * _frameBytes, _frameBytes), down, right, facing);
        }

        if (_augmentation.Brightness > 0) Brighten(destination[..(length * _frameBytes)], brighter);
        destination[(length * _frameBytes)..(Steps * _frameBytes)].Clear();

        int Draw(int most) => random.NextInt32(2 * most + 1) - most;
    }

    private void Brighten(Span<byte> values, double part)
    {
        for (var c = 0; c < _amounts.Length; c++)
        {
            var amount = part * _amounts[c];
            if (Element == FrameElement.UInt8)
            {
                var whole = (int)Math.Round(Math.Clamp(amount, -byte.MaxValue, byte.MaxValue));
                for (var i = c; i < values.Length; i += _amounts.Length) values[i] = (byte)Math.Clamp(values[i] + whole, 0, byte.MaxValue);
                continue;
            }

            var singles = MemoryMarshal.Cast<byte, float>(values);
            for (var i = c; i < singles.Length; i += _amounts.Length) singles[i] += (float)amount;
        }
    }

    private Scratch Rent()
    {
        lock (_idle)
        {
            if (_idle.TryPop(out var idle)) return idle;
        }

        return new Scratch(new byte[Steps * _frameBytes], new Philox(_seed, Stream));
    }

    private sealed record Scratch(byte[] Sample, Philox Random);
}
