using HTensor.Kernels;

namespace HTensor.Core;

/// <summary>One product of a sample's chain. Weights are packed at construction: a step is shared by all threads.</summary>
internal sealed class SampleStep
{
    private readonly LaneStep<float>? _lanes;
    private readonly SampleRowProduct? _rows;

    /// <param name="source">Where the activation stands.</param>
    /// <param name="choice">How the step runs.</param>
    /// <param name="kept">Modes of the result.</param>
    /// <param name="weightNode">Node of the weight.</param>
    /// <param name="weight">Its layout.</param>
    /// <param name="values">Its values.</param>
    /// <param name="size">Mode sizes.</param>
    public SampleStep(SampleLayout source, SampleChoice choice, int[] kept, int weightNode, ModeLayout weight, ReadOnlyMemory<float> values, Func<int, int> size)
    {
        Source = source;
        if (choice.Lanes is { } lanes) Transposition = new SampleTransposition(source, lanes, size);
        var input = Transposition?.Result ?? source;
        int[] added = [.. weight.Modes.Where(mode => kept.Contains(mode) && !source.Modes.Contains(mode))];
        if (choice.Kind == SampleStepKind.Lanes)
        {
            Result = new SampleLayout([.. input.Outer.Where(kept.Contains), .. added], input.Lanes, size);
            _lanes = new LaneStep<float>(weightNode, weight, input.Blocks, Result.Blocks, input.SizeOf);
            _lanes.Pack(values.Span);
        }
        else
        {
            Result = new SampleLayout([.. input.Modes.Where(kept.Contains)], added, size);
            _rows = new SampleRowProduct(input, Result, added, weight, values, size);
        }
    }

    public SampleLayout Source { get; }

    public SampleLayout Result { get; }

    /// <summary>How the step's input comes into lanes of its own; null where it stays as it is.</summary>
    public SampleTransposition? Transposition { get; }

    /// <summary>The product, from the transposed input where there is a transposition.</summary>
    public void Multiply(ReadOnlySpan<float> input, Span<float> output)
    {
        if (_lanes is not null) _lanes.Forward(input, output);
        else _rows!.Multiply(input, output);
    }
}
