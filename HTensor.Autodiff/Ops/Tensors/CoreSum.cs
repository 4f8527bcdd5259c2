using System.Numerics;

namespace HTensor.Autodiff;

/// <summary>Which of a core's three indices the terms of a sum have to themselves; the others they share.</summary>
[Flags]
public enum StackedIndices
{
    None = 0,
    First = 1,
    Second = 2,
    Third = 4,
}

/// <summary>
/// y = the core [a, b, c] of w_1 X_1 + w_2 X_2 + ...: the terms' cores as blocks, one behind the other in the stacked indices, added where they meet.
/// With one input it is y = w x.
/// </summary>
public sealed class CoreSum<T> : IOperation<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly StackedIndices _stacked;
    private readonly T[] _weights;
    private int[] _sizes = [];
    private int[][] _blocks = [];

    /// <param name="name">Name for reports.</param>
    /// <param name="stacked">Indices that are the terms' own.</param>
    /// <param name="weights">w of each input.</param>
    public CoreSum(string name, StackedIndices stacked, params IReadOnlyList<T> weights) => (Name, _stacked, _weights) = (name, stacked, [.. weights]);

    public string Name { get; }

    public IReadOnlyList<int> ResultShape(IReadOnlyList<IReadOnlyList<int>> inputs)
    {
        ArgumentNullException.ThrowIfNull(inputs);
        OperationShape.RequireCount(Name, _weights.Length, inputs.Count);
        _blocks = [.. inputs.Select(shape => CoreShape.Of(Name, shape))];
        _sizes = [.. _blocks[0]];
        foreach (var shape in _blocks)
        {
            for (var k = 0; k < 3; k++)
            {
                if (!Stacked(k) && shape[k] != _sizes[k]) throw new ArgumentException($"{Name}: index {k}: expected {_sizes[k]}, found [{string.Join(", ", shape)}]");
            }
        }

        for (var k = 0; k < 3; k++)
        {
            if (Stacked(k)) _sizes[k] = _blocks.Sum(shape => shape[k]);
        }

        return inputs[0].Count == 2 ? _sizes[1..] : _sizes;
    }

    public void Forward(OperationCall<T> call)
    {
        ArgumentNullException.ThrowIfNull(call);
        call.Output.Clear();
        for (int input = 0, first = 0; input < _weights.Length; first = Next(first, input++))
        {
            var (x, y, at) = (call.Inputs[input].Value, call.Result.Value, 0);
            foreach (var row in Rows(input, first))
            {
                for (var i = 0; i < _blocks[input][2]; i++) y.Span[row + i] = T.FusedMultiplyAdd(_weights[input], x.Span[at++], y.Span[row + i]);
            }
        }
    }

    /// <summary>dx_i = w_i times its block of dy.</summary>
    public void Backward(OperationCall<T> call)
    {
        ArgumentNullException.ThrowIfNull(call);
        for (int input = 0, first = 0; input < _weights.Length; first = Next(first, input++))
        {
            var (gradient, at) = (call.InputGradient(input), 0);
            if (gradient.IsEmpty) continue;
            foreach (var row in Rows(input, first))
            {
                for (var i = 0; i < _blocks[input][2]; i++) gradient.Span[at++] = _weights[input] * call.OutputGradient[row + i];
            }
        }
    }

    private bool Stacked(int index) => ((int)_stacked & (1 << index)) != 0;

    /// <summary>Where a block's first number stands: it moves by the block in each stacked index.</summary>
    private int Next(int first, int input)
    {
        int[] strides = [_sizes[1] * _sizes[2], _sizes[2], 1];
        for (var k = 0; k < 3; k++)
        {
            if (Stacked(k)) first += _blocks[input][k] * strides[k];
        }

        return first;
    }

    private IEnumerable<int> Rows(int input, int first)
    {
        for (var a = 0; a < _blocks[input][0]; a++)
        {
            for (var b = 0; b < _blocks[input][1]; b++) yield return first + (a * _sizes[1] + b) * _sizes[2];
        }
    }
}
