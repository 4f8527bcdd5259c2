using System.Numerics;
using System.Numerics.Tensors;
using System.Runtime.InteropServices;
using HTensor.Autodiff;
using HTensor.Core;
using HTensor.Kernels;

namespace HTensor.Rnn;

/// <summary>
/// A batch of sequences as the model reads it: stored bytes, scaled and brought into lanes only when a contraction asks for a run of
/// features. Sample s is lane s mod 16 of group s / 16. Sequences longer than a window are shown one window after another. After construction
/// it allocates nothing of its own.
/// </summary>
internal sealed class LaneBatch<T> : ILaneInput<T>, ISequenceBatch, IParallelBody
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>The label of a lane without a sample.</summary>
    public const int NoLabel = -1;

    private readonly byte[][] _scratch;
    private readonly ReadOnlyMemory<byte>[] _read, _frames;
    private readonly int[] _whole, _lengths, _labels, _longest;
    private readonly FrameElement _element;
    private readonly int _frameSize, _frameBytes, _sampleSteps;
    private readonly T[] _scale, _shift;
    private ISequenceSource _source = null!;
    private ReadOnlyMemory<int> _samples;
    private IBatchTargets? _targets;

    /// <param name="capacity">Most samples.</param>
    /// <param name="steps">Most steps of a sample.</param>
    /// <param name="frameSize">Values of a frame.</param>
    /// <param name="element">How they are stored.</param>
    /// <param name="scaling">How they are scaled.</param>
    /// <param name="window">Most steps that are shown at once; null: all.</param>
    public LaneBatch(int capacity, int steps, int frameSize, FrameElement element, FrameScaling scaling, int? window = null)
    {
        (Capacity, Steps, Groups, _frameSize, _element) = (capacity, Math.Min(window ?? steps, steps), LaneBlock.Count(capacity), frameSize, element);
        (_sampleSteps, Windows) = (steps, CountWindows(steps, window));
        _frameBytes = checked(frameSize * SequenceExtent.SizeOf(element));
        var sampleBytes = checked(steps * _frameBytes);
        _scratch = [.. Enumerable.Range(0, capacity).Select(_ => new byte[sampleBytes])];
        var lanes = Groups * LaneBlock.Width;
        (_whole, _lengths, _labels, _longest) = (new int[lanes], new int[lanes], new int[lanes], new int[Groups]);
        (_read, _frames) = (new ReadOnlyMemory<byte>[lanes], new ReadOnlyMemory<byte>[checked(lanes * Steps)]);
        (_scale, _shift) = scaling.Coefficients<T>();
    }

    /// <summary>Most samples.</summary>
    public int Capacity { get; }

    public int Groups { get; }

    /// <summary>Steps that are shown at once.</summary>
    public int Steps { get; }

    /// <summary>Windows of the longest sample that there is room for.</summary>
    public int Windows { get; }

    /// <summary>Samples loaded.</summary>
    public int Count { get; private set; }

    /// <summary>Of the samples, the first step that is shown.</summary>
    public int FirstStep { get; private set; }

    public bool Continues => FirstStep > 0;

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
        if (source.Steps > _sampleSteps || source.Element != _element || SequenceExtent.FrameSizeOf(source.FrameShape) != _frameSize)
            throw new ArgumentException($"batch: expected at most {_sampleSteps} steps of {_frameSize} values of {_element}, found {source.Steps} steps of {SequenceExtent.FrameSizeOf(source.FrameShape)} values of {source.Element}");
        (_source, _samples, Count) = (source, samples, samples.Length);
        team.Run(this, samples.Length);
        for (var lane = 0; lane < _lengths.Length; lane++) _whole[lane] = lane < Count ? source.Length(samples.Span[lane]) : 0;
        Show(0);
    }

    /// <summary>Shows a window of the samples that are loaded: each one's steps from window * <see cref="Steps"/> on.</summary>
    public void Show(int window)
    {
        FirstStep = window * Steps;
        Array.Clear(_longest);
        for (var lane = 0; lane < _lengths.Length; lane++)
        {
            var group = lane / LaneBlock.Width;
            (_lengths[lane], _labels[lane]) = (Math.Clamp(_whole[lane] - FirstStep, 0, Steps), lane < Count ? _source.Label(_samples.Span[lane]) : NoLabel);
            _longest[group] = Math.Max(_longest[group], _lengths[lane]);
            for (var step = 0; step < Steps; step++)
                _frames[(group * Steps + step) * LaneBlock.Width + lane % LaneBlock.Width] = step < _lengths[lane] ? Frame(lane, step) : default;
        }

        _targets?.Fill();
    }

    /// <summary>Whether a sample has a step, counted from the first that is shown; it may lie behind the window.</summary>
    public bool Has(int sample, int step) => FirstStep + step < _whole[sample];

    /// <summary>Whether any sample has a step in the window.</summary>
    public bool IsAnyActive => _longest.AsSpan().ContainsAnyExcept(0);

    /// <summary>Windows that steps are cut into.</summary>
    public static int CountWindows(int steps, int? window) => window is { } size && size < steps ? (steps - 1) / size + 1 : 1;

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

    /// <summary>A value as it is stored, of a step that the sample has, counted from the first that is shown; it may lie behind the window.</summary>
    public float Raw(int sample, int step, int feature) => Value(Frame(sample, step).Span, feature);

    /// <summary>First step of a sample whose prediction counts, counted from the first that is shown.</summary>
    public int FirstPrediction(int lane) => _source.FirstPrediction(_samples.Span[lane]) - FirstStep;

    /// <summary>The symbol that a step's frame is; negative where there is no step.</summary>
    public int Symbol(int unit, int lane) => _frames[unit * LaneBlock.Width + lane] is { IsEmpty: false } frame ? (int)Value(frame.Span, 0) : NoLabel;

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

    private ReadOnlyMemory<byte> Frame(int sample, int step) => _read[sample].Slice((FirstStep + step) * _frameBytes, _frameBytes);

    private float Value(ReadOnlySpan<byte> frame, int feature) => _element == FrameElement.UInt8 ? frame[feature] : MemoryMarshal.Cast<byte, float>(frame)[feature];
}
