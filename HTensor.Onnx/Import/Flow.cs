namespace HTensor.Onnx;

/// <summary>What an axis of a value counts.</summary>
internal enum Axis
{
    /// <summary>Of the graph's input: steps or sequences, as the recurrent layer takes it.</summary>
    Any,
    Step,
    Batch,
    Direction,
    Feature,
    One,
}

/// <summary>What a value holds.</summary>
internal enum Content
{
    Frame,
    Dense,
    DenseBiased,
    Front,
    States,
    Last,
    Mean,
    Memory,
    Scores,
    Probabilities,
}

/// <summary>A value on the way from the graph's input to its output: what it holds, over which axes.</summary>
/// <param name="Content">What it holds.</param>
/// <param name="Axes">In their order.</param>
/// <param name="Layer">Recurrent layers it has gone through.</param>
/// <param name="Direction">The direction that was taken out; null: all there are.</param>
internal sealed record Flow(Content Content, Axis[] Axes, int Layer = 0, int? Direction = null);
