using HTensor.Core;

namespace HTensor.Rnn;

/// <summary>How a layer holds its matrices in one direction.</summary>
/// <param name="Input">Of W; where W and U are held as one, of both.</param>
/// <param name="Recurrent">Of U; not looked at where W and U are held as one.</param>
public sealed record LayerFormats(IMatrixFormat Input, IMatrixFormat Recurrent);
