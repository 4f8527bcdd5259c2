using HTensor.Kernels;

namespace HTensor.Rnn;

/// <summary>
/// The state of a layer between two windows of the same sequences: what a pass starts from, and what it leaves for the next, h and of an LSTM c,
/// [groups, H, 16] each. No gradient goes back through it.
/// </summary>
internal sealed class CarriedState<T>
    where T : unmanaged
{
    private readonly AlignedBuffer<T> _hidden, _cell, _startHidden, _startCell;
    private readonly int _rows;

    public CarriedState(string name, LayerLayout layer, int groups)
    {
        _rows = layer.Hidden;
        var cells = layer.Cell == CellKind.Lstm ? groups : 0;
        (_hidden, _startHidden) = (LaneBuffer.Of<T>(groups, 1, _rows), LaneBuffer.Of<T>(groups, 1, _rows));
        (_cell, _startCell) = (LaneBuffer.Of<T>(cells, 1, _rows), LaneBuffer.Of<T>(cells, 1, _rows));
        Left = _cell.Length == 0 ? [new($"{name}.hidden", _hidden.Memory)] : [new($"{name}.hidden", _hidden.Memory), new($"{name}.cell", _cell.Memory)];
    }

    /// <summary>What the last pass left, by name: all that the next one depends on.</summary>
    public IReadOnlyList<KeyValuePair<string, Memory<T>>> Left { get; }

    /// <summary>h before the first step of the pass, [groups, H, 16].</summary>
    public ReadOnlySpan<T> Hidden => _startHidden.Span;

    /// <summary>c of a group before the first step of the pass; empty where there is none.</summary>
    public ReadOnlySpan<T> Cell(int group) => _startCell.Length == 0 ? default : LaneBlock.Unit((ReadOnlySpan<T>)_startCell.Span, group, _rows);

    /// <summary>A pass starts from what the one before has left.</summary>
    public void Begin()
    {
        _hidden.Span.CopyTo(_startHidden.Span);
        _cell.Span.CopyTo(_startCell.Span);
    }

    /// <summary>A group's state at the end of a pass.</summary>
    public void Leave(int group, ReadOnlySpan<T> hidden, ReadOnlySpan<T> cell)
    {
        hidden.CopyTo(LaneBlock.Unit(_hidden.Span, group, _rows));
        if (_cell.Length > 0) cell.CopyTo(LaneBlock.Unit(_cell.Span, group, _rows));
    }
}
