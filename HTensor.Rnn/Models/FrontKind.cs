namespace HTensor.Rnn;

/// <summary>The kinds of <see cref="FrontLayer"/>.</summary>
public enum FrontKind
{
    /// <summary>A dense layer with a leaky ReLU.</summary>
    Dense,

    /// <summary>A vector for each symbol.</summary>
    Embedding,
}
