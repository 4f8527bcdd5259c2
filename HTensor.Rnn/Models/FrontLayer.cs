namespace HTensor.Rnn;

/// <summary>What stands before the first recurrent layer. It gives as many values a step as the model's input modes multiply to.</summary>
/// <param name="Kind">What it is.</param>
/// <param name="Inputs">Values of a frame, or different symbols.</param>
public sealed record FrontLayer(FrontKind Kind, int Inputs)
{
    /// <summary>max(y, 0.01 y) of y = W^T x + b over frames of so many values.</summary>
    public static FrontLayer Dense(int frameSize) => new(FrontKind.Dense, frameSize);

    /// <summary>A vector for each of so many symbols; a frame is one symbol's number.</summary>
    public static FrontLayer Embedding(int symbols) => new(FrontKind.Embedding, symbols);
}
