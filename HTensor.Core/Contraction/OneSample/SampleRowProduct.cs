using HTensor.Kernels;

namespace HTensor.Core;

/// <summary>The modes of an activation that a weight lacks times the weight, as plain products, one for each index that both have and keep.</summary>
internal sealed class SampleRowProduct
{
    private readonly int[] _batchIn, _rowIn, _depthIn, _batchOut, _rowOut, _columnOut;
    private readonly ReadOnlyMemory<float> _weights;

    /// <param name="input">Where the activation stands.</param>
    /// <param name="result">Where the result goes; what the weight adds stands in its lanes.</param>
    /// <param name="added">Modes that the weight adds.</param>
    /// <param name="weight">The weight's layout.</param>
    /// <param name="values">Its values, kept where they stand as [batch, depth, columns]; else a copy is.</param>
    /// <param name="size">Mode sizes.</param>
    public SampleRowProduct(SampleLayout input, SampleLayout result, int[] added, ModeLayout weight, ReadOnlyMemory<float> values, Func<int, int> size)
    {
        int[] batch = [.. input.Modes.Where(mode => weight.Has(mode) && result.Modes.Contains(mode))];
        int[] rows = [.. input.Modes.Where(mode => !weight.Has(mode))];
        int[] depth = [.. input.Modes.Where(mode => weight.Has(mode) && !result.Modes.Contains(mode))];
        (_batchIn, _rowIn, _depthIn) = (input.Offsets(batch), input.Offsets(rows), input.Offsets(depth));
        (_batchOut, _rowOut, _columnOut) = (result.Offsets(batch), result.Offsets(rows), result.Offsets(added));
        var offsets = weight.Offsets([.. batch, .. depth, .. added], size);
        _weights = values;
        if (offsets.AsSpan().SequenceEqual(Enumerable.Range(0, values.Length).ToArray())) return;
        var copy = new AlignedBuffer<float>(offsets.Length);
        for (var i = 0; i < offsets.Length; i++) copy.Span[i] = values.Span[offsets[i]];
        _weights = copy.Memory;
    }

    public void Multiply(ReadOnlySpan<float> input, Span<float> output)
    {
        var (rows, depth, columns) = (_rowIn.Length, _depthIn.Length, _columnOut.Length);
        for (var b = 0; b < _batchIn.Length; b++)
        {
            var weights = new MatrixOperand<float>(_weights.Span.Slice(b * depth * columns, depth * columns), columns, 1);
            Gemm.Multiply(rows, columns, depth, new MatrixOperand<float>(input[_batchIn[b]..], _rowIn, _depthIn), weights,
                output[_batchOut[b]..], _rowOut, _columnOut, Accumulation.Overwrite, ThreadTeam.Inline);
        }
    }
}
