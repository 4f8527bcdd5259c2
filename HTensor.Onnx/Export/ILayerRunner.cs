using HTensor.Rnn;

namespace HTensor.Onnx;

/// <summary>What the layers of a model give: all states [batch, steps, H of both directions], or the last ones [batch, H of both directions].</summary>
internal interface ILayerRunner
{
    /// <param name="x">What the first layer reads.</param>
    /// <param name="readout">All states where it is not <see cref="Readout.Last"/>.</param>
    string Run(string x, Readout readout);
}
