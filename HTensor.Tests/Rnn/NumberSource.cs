using System.Runtime.InteropServices;
using HTensor.Kernels;
using HTensor.Rnn;

namespace HTensor.Tests.Rnn;

/// <summary>Random sequences of the lengths of <see cref="SmallBatch"/>, or of others, for any task: symbols 0 to 2, notes 0 or 1, else normal numbers; three targets.</summary>
internal sealed class NumberSource : ITargetSource
{
    private readonly float[] _values, _targets;
    private readonly int _frame;
    private readonly Func<int, int> _length;

    public NumberSource(int count, int steps, int frame, SequenceTask task, Func<int, int>? length = null)
    {
        _length = length ?? SmallBatch.Length;
        (Count, Steps, _frame, FrameShape) = (count, steps, frame, [frame]);
        (_values, _targets) = (new float[count * steps * frame], new float[count * TargetCount]);
        var random = new Philox(7);
        random.FillNormal<float>(_values, 1);
        random.FillNormal<float>(_targets, 1);
        foreach (ref var value in _values.AsSpan())
        {
            if (task == SequenceTask.NextSymbol) value = random.NextInt32(3);
            if (task == SequenceTask.NextNotes) value = random.NextInt32(2);
        }
    }

    public int Count { get; }

    public int Steps { get; }

    public IReadOnlyList<int> FrameShape { get; }

    public FrameElement Element => FrameElement.Single;

    public int TargetCount => 3;

    public int Length(int sample) => _length(sample);

    public int Label(int sample) => sample % 3;

    public float Target(int sample, int index) => _targets[sample * TargetCount + index];

    public ReadOnlyMemory<byte> Read(int sample, Memory<byte> scratch)
    {
        var bytes = Steps * _frame * sizeof(float);
        MemoryMarshal.AsBytes(_values.AsSpan(sample * Steps * _frame, Steps * _frame)).CopyTo(scratch.Span);
        scratch.Span[(Length(sample) * _frame * sizeof(float))..bytes].Clear();
        return scratch[..bytes];
    }
}
