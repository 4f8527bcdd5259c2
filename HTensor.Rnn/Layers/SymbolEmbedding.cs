using System.Numerics;
using HTensor.Autodiff;
using HTensor.Kernels;

namespace HTensor.Rnn;

/// <summary>A vector for each step's symbol: y[u, d, lane] = E[symbol(u, lane), d], zeros where there is no step. Input: E [symbols, D]; result [units, D, 16].</summary>
internal sealed class SymbolEmbedding<T>(string name, LaneBatch<T> batch) : IOperation<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private int _symbols, _width;

    public string Name => name;

    private int Units => batch.Groups * batch.Steps;

    public IReadOnlyList<int> ResultShape(IReadOnlyList<IReadOnlyList<int>> inputs)
    {
        OperationShape.RequireCount(name, 1, inputs.Count);
        if (inputs[0] is not [var symbols, var width]) throw new ArgumentException($"{name}: expected [symbols, values], found [{string.Join(", ", inputs[0])}]");
        (_symbols, _width) = (symbols, width);
        return [Units, width, LaneBlock.Width];
    }

    /// <exception cref="InvalidDataException">A frame is none of the symbols.</exception>
    public void Forward(OperationCall<T> call)
    {
        var vectors = call.Input(0);
        for (var unit = 0; unit < Units; unit++)
        {
            var y = LaneBlock.Unit(call.Output, unit, _width);
            for (var lane = 0; lane < LaneBlock.Width; lane++)
            {
                var symbol = batch.Symbol(unit, lane);
                if (symbol >= _symbols) throw new InvalidDataException($"{name}: expected symbols 0 to {_symbols - 1}, found {symbol}");
                for (var d = 0; d < _width; d++) y[d * LaneBlock.Width + lane] = symbol < 0 ? T.Zero : vectors[symbol * _width + d];
            }
        }
    }

    /// <summary>dE[symbol, d] = sum over the units and lanes of that symbol of dy[u, d, lane].</summary>
    public void Backward(OperationCall<T> call)
    {
        var gradient = call.InputGradient(0).Span;
        if (gradient.IsEmpty) return;
        gradient.Clear();
        for (var unit = 0; unit < Units; unit++)
        {
            var dy = LaneBlock.Unit(call.OutputGradient, unit, _width);
            for (var lane = 0; lane < LaneBlock.Width; lane++)
            {
                var symbol = batch.Symbol(unit, lane);
                for (var d = 0; d < _width && symbol >= 0; d++) gradient[symbol * _width + d] += dy[d * LaneBlock.Width + lane];
            }
        }
    }
}
