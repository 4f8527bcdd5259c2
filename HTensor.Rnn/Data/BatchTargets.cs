using System.Numerics;
using HTensor.Kernels;

namespace HTensor.Rnn;

/// <summary>
/// What is to be predicted of a batch where it is not one class a sample: the next frame or symbol of each step, the class at each step, numbers.
/// Filled whenever the batch is; allocates nothing then.
/// </summary>
internal sealed class BatchTargets<T> : IBatchTargets
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private const int Present = 0;

    private readonly LaneBatch<T> _batch;
    private readonly SequenceTask _task;
    private readonly Readout _readout;
    private readonly int _outputs;
    private readonly int[] _labels;
    private readonly AlignedBuffer<T> _values;

    public BatchTargets(LaneBatch<T> batch, ModelOptions options)
    {
        (_batch, _task, _readout, _outputs) = (batch, options.Task, options.Readout, options.Classes.Count);
        var units = batch.Groups * (_readout == Readout.Step ? batch.Steps : 1);
        _labels = new int[units * LaneBlock.Width];
        _values = new AlignedBuffer<T>(_task is SequenceTask.NextNotes or SequenceTask.Regression ? checked(_labels.Length * _outputs) : 0);
    }

    /// <summary>[units * 16]: the class or symbol, 0 where there is another prediction, negative where there is none.</summary>
    public ReadOnlyMemory<int> Labels => _labels;

    /// <summary>[units, outputs, 16] of notes or numbers, 0 where there is no prediction.</summary>
    public ReadOnlyMemory<T> Values => _values.Memory;

    public void Fill()
    {
        for (var i = 0; i < _labels.Length; i++) _labels[i] = Label(i / LaneBlock.Width, i % LaneBlock.Width);
        if (_values.Length == 0) return;
        var values = _values.Span;
        for (var i = 0; i < _labels.Length; i++)
        {
            var first = i / LaneBlock.Width * _outputs * LaneBlock.Width + i % LaneBlock.Width;
            for (var k = 0; k < _outputs; k++) values[first + k * LaneBlock.Width] = _labels[i] < 0 ? T.Zero : Value(i, k);
        }
    }

    public void Forget() => _labels.AsSpan().Fill(LaneBatch<T>.NoLabel);

    private int Label(int unit, int lane)
    {
        var steps = _readout == Readout.Step ? _batch.Steps : 1;
        var (sample, step) = (unit / steps * LaneBlock.Width + lane, unit % steps);
        var ahead = _task is SequenceTask.NextNotes or SequenceTask.NextSymbol ? 1 : 0;
        if (!_batch.Has(sample, step + ahead) || (ahead > 0 && step < _batch.FirstPrediction(sample))) return LaneBatch<T>.NoLabel;
        return _task switch
        {
            SequenceTask.Class => _batch.Labels.Span[sample],
            SequenceTask.NextSymbol => (int)_batch.Raw(sample, step + 1, 0),
            _ => Present,
        };
    }

    private T Value(int label, int output)
    {
        var steps = _readout == Readout.Step ? _batch.Steps : 1;
        var (unit, lane) = (label / LaneBlock.Width, label % LaneBlock.Width);
        var sample = unit / steps * LaneBlock.Width + lane;
        return T.CreateChecked(_task == SequenceTask.NextNotes ? _batch.Raw(sample, unit % steps + 1, output) : _batch.Target(sample, output));
    }
}
