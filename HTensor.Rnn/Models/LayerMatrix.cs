using HTensor.Core;

namespace HTensor.Rnn;

/// <summary>A weight matrix of all gates of a recurrent layer in one direction.</summary>
/// <param name="Name">As its parameters' names begin: input, recurrent, or joint for both as one; layer1.reverse.input.</param>
/// <param name="Format">How it is held.</param>
/// <param name="Layout">Its cores and where its columns go.</param>
public sealed record LayerMatrix(string Name, IMatrixFormat Format, GateLayout Layout);
