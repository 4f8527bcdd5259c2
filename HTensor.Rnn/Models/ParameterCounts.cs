using HTensor.Autodiff;

namespace HTensor.Rnn;

/// <summary>Stored numbers of a model and of the same model with dense matrices, all recurrent layers together.</summary>
/// <param name="Input">The input matrices W, counted from their cores; where W and U are held as one, both.</param>
/// <param name="DenseInput">N gates H; where W and U are held as one, (N + H) gates H.</param>
/// <param name="Cell">W, U and the cells' biases.</param>
/// <param name="DenseCell">The same with dense matrices: gates H (N + H + 1), and H more where a GRU's product has a bias.</param>
/// <param name="Model">Cells, what stands in front of them, and read-out.</param>
public sealed record ParameterCounts(long Input, long DenseInput, long Cell, long DenseCell, long Model)
{
    internal static ParameterCounts Of(ClassifierLayout layout)
    {
        var layers = layout.Layers.SelectMany(directions => directions).ToArray();
        var cell = layers.Sum(layer => layer.Parameters.Sum(Length));
        var model = layout.Parameters.Sum(Length);
        return new ParameterCounts(layers.Sum(InputOf), layers.Sum(DenseInputOf), cell, layers.Sum(DenseCellOf), model);
    }

    private static long InputOf(LayerLayout layer) => (layer.Joint?.Whole ?? layer.Input).Network.ParameterCount;

    private static long DenseInputOf(LayerLayout layer) => (long)layer.Gates * layer.Hidden * (layer.Inputs + (layer.Joint is null ? 0 : layer.Hidden));

    private static long DenseCellOf(LayerLayout layer) =>
        (long)layer.Gates * layer.Hidden * ((long)layer.Inputs + layer.Hidden + 1) + (layer.CandidateBiasName is null ? 0 : layer.Hidden);

    private static long Length(ParameterShape shape) => shape.Sizes.Aggregate(1L, (product, size) => product * size);
}
