namespace HTensor.Rnn;

/// <summary>Stored numbers of a model and of the same model with dense matrices.</summary>
/// <param name="Input">The input matrix W, counted from its cores.</param>
/// <param name="DenseInput">N 4 H.</param>
/// <param name="Cell">W, U and the cell's biases.</param>
/// <param name="DenseCell">4 H (N + H + 1).</param>
/// <param name="Model">Cell and read-out.</param>
public sealed record ParameterCounts(long Input, long DenseInput, long Cell, long DenseCell, long Model)
{
    internal static ParameterCounts Of(ClassifierLayout layout)
    {
        var (input, dense) = (layout.Input.Network.ParameterCount, layout.Input.Network.Modes.DenseParameters);
        var rest = (long)ClassifierLayout.Gates * layout.Hidden * (layout.Hidden + 1);
        var classes = layout.Options.Classes.Count;
        return new ParameterCounts(input, dense, input + rest, dense + rest, input + rest + (long)classes * (layout.Hidden + 1));
    }
}
