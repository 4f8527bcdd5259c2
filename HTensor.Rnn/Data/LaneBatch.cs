using System.Numerics;
using System.Numerics.Tensors;
using System.Runtime.InteropServices;
using HTensor.Autodiff;
using HTensor.Core;
using HTensor.Kernels;

namespace HTensor.Rnn;

/// <summary>
/// A batch of sequences as the model reads it: stored bytes, scaled and brought into lanes only when a contraction asks for a run of
/// features. Sample s is lane s mod 16 of group s / 16. After construction it allocates nothing of its own.
/// </summary>
internal sealed class LaneBatch<T> : ILaneInput<T>, ISequenceBatch, IParallelBody
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>The label of a lane without a sample.</summary>
    public const int NoLabel = -1;

    private readonly byte[][] _scratch;
    private readonly ReadOnlyMemory<byte>[] _read, _frames;
    private readonly int[] _lengths, _labels, _longest;
    private readonly FrameElement _element;
    private readonly int _frameSize, _frameBytes, _sampleBytes;
    private readonly T[] _scale, _shift;
    private ISequenceSource _source = null!;
    private ReadOnlyMemory<int> _samples;
    private IBatchTargets? _targets;

    public LaneBatch(int capacity, int steps, int frameSize, FrameElement element, FrameScaling scaling)
    {
        (Capacity, Steps, Groups, _frameSize, _element) = (capacity, steps, LaneBlock.Count(capacity), frameSize, element);
        _frameBytes = checked(frameSize * SequenceExtent.SizeOf(element));
        _sampleBytes = checked(steps * _frameBytes);
        _scratch = [.. Enumerable.Range(0, capacity).Select(_ => new byte[_sampleBytes])];
        var lanes = Groups * LaneBlock.Width;
        (_lengths, _labels, _longest) = (new int[lanes], new int[lanes], new int[Groups]);
        (_read, _frames) = (new ReadOnlyMemory<byte>[lanes], new ReadOnlyMemory<byte>[lanes * steps]);
        (_scale, _shift) = scaling.Coefficients<T>();
    }

    /// <summary>Most samples.</summary>
    public int Capacity { get; }

    public int Groups { get; }

    public int Steps { get; }

    /// <summary>Samples loaded.</summary>
    public int Count { get; private set; }

    public ReadOnlySpan<int> Lengths => _lengths;

    /// <summary>Class of each lane, [groups * 16]; negative where there is no sample.</summary>
    public ReadOnlyMemory<int> Labels => _labels;

    public int LongestLength(int group) => _longest[group];

    /// <summary>What every value is multiplied by as it is read, [groups, frame size, 16], the same at all steps; null: 1.</summary>
    public DropoutMask<T>? Mask { get; set; }

    /// <summary>Reads samples from a source, one piece of work each; nothing of an earlier load remains.</summary>
    /// <exception cref="ArgumentException">They are too many, or the source's sequences do not have the batch's size.</exception>
    public void Load(ISequenceSource source, ReadOnlyMemory<int> samples, ThreadTeam team)
    {
        if (samples.Length > Capacity) throw new ArgumentException($"batch: expected at most {Capacity} samples, found {samples.Length}");
        if (source.Steps > Steps || source.Element != _element || SequenceExtent.FrameSizeOf(source.FrameShape) != _frameSize)
            throw new ArgumentException($"batch: expected at most {Steps} steps of {_frameSize} values of {_element}, found {source.Steps} steps of {SequenceExtent.FrameSizeOf(source.FrameShape)} values of {source.Element}");
        (_source, _samples, Count) = (source, samples, samples.Length);
        team.Run(this, samples.Length);
        Array.Clear(_longest);
        for (var lane = 0; lane < _lengths.Length; lane++)
        {
            var group = lane / LaneBlock.Width;
            (_lengths[lane], _labels[lane]) = lane < Count ? (source.Length(samples.Span[lane]), source.Label(samples.Span[lane])) : (0, NoLabel);
            _longest[group] = Math.Max(_longest[group], _lengths[lane]);
            for (var step = 0; step < Steps; step++)
            {
                _frames[(group * Steps + step) * LaneBlock.Width + lane % LaneBlock.Width] =
                    step < _lengths[lane] ? _read[lane].Slice(step * _frameBytes, _frameBytes) : default;
            }
        }

        _targets?.Fill();
    }

    /// <summary>Targets to fill at each load, and now if samples are loaded.</summary>
    public void Attach(IBatchTargets targets)
    {
        _targets = targets;
        if (Count > 0) targets.Fill();
    }

    /// <summary>Takes the labels away, so that a loss asks for none: a prediction has no need of them.</summary>
    public void ForgetLabels()
    {
        _labels.AsSpan().Fill(NoLabel);
        _targets?.Forget();
    }

    /// <summary>A frame's value as it is stored.</summary>
    public float Raw(int unit, int lane, int feature)
    {
        var frame = _frames[unit * LaneBlock.Width + lane].Span;
        return _element == FrameElement.UInt8 ? frame[feature] : MemoryMarshal.Cast<byte, float>(frame)[feature];
    }

    /// <summary>First step of a sample whose prediction counts.</summary>
    public int FirstPrediction(int lane) => _source.FirstPrediction(_samples.Span[lane]);

    /// <summary>The symbol that a step's frame is; negative where there is no step.</summary>
    public int Symbol(int unit, int lane) => _frames[unit * LaneBlock.Width + lane].IsEmpty ? NoLabel : (int)Raw(unit, lane, 0);

    /// <summary>A number to predict of a sample; 0 where the source has none, which a prediction does not ask for.</summary>
    public float Target(int lane, int index) => _source is ITargetSource targets ? targets.Target(_samples.Span[lane], index) : 0;

    public bool IsActive(int unit) => unit % Steps < _longest[unit / Steps];

    public void Read(int unit, int first, int count, Span<T> destination)
    {
        var frames = _frames.AsSpan(unit * LaneBlock.Width, LaneBlock.Width);
        if (_element == FrameElement.UInt8) LaneUnpack.Bytes<T>(frames, first, count, _scale, _shift, destination);
        else LaneUnpack.Floats<T>(frames, first, count, _scale, _shift, destination);
        if (Mask is null) return;
        var kept = Mask.Values.Slice((unit / Steps * _frameSize + first) * LaneBlock.Width, count * LaneBlock.Width);
        TensorPrimitives.Multiply(destination[..kept.Length], kept, destination);
    }

    /// <summary>Brings one sample in: into the batch's memory where the source has none of its own.</summary>
    public void Run(int index, int worker) =>
        _read[index] = _source.Read(_samples.Span[index], _scratch[index]);
}
