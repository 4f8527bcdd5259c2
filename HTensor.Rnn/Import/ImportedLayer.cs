namespace HTensor.Rnn;

/// <summary>One recurrent layer in one direction as a file keeps it.</summary>
internal sealed record ImportedLayer(string Name, CellKind Cell, GruReset Reset, int Inputs, int Hidden)
{
    public required ImportedMatrix Input { get; init; }

    public required ImportedMatrix Recurrent { get; init; }

    /// <summary>[gates H]; null: none.</summary>
    public ImportedArray? InputBias { get; init; }

    /// <summary>[gates H], added where the cell adds it to the product with U; null: none.</summary>
    public ImportedArray? RecurrentBias { get; init; }

    /// <summary>Where the biases begin in their arrays.</summary>
    public (int Input, int Recurrent) BiasAt { get; init; }

    /// <summary>Where each of our gates stands in the file.</summary>
    public required int[] Order { get; init; }

    /// <summary>Fills a layer's parameters: weights keep their bits; two biases that only their sum matters of are added.</summary>
    public void CopyTo(LayerLayout layer, Autodiff.ParameterSet<float> parameters)
    {
        Input.CopyTo(Order, Inputs, Hidden, parameters[layer.CoreName("input", layer.Input, 0)].Values);
        Recurrent.CopyTo(Order, Hidden, Hidden, parameters[layer.Name(ClassifierLayout.RecurrentName)].Values);
        var bias = parameters[layer.BiasName].Values;
        var candidate = layer.CandidateBiasName is { } name ? parameters[name].Values : default;
        for (var gate = 0; gate < Order.Length; gate++)
        {
            for (var unit = 0; unit < Hidden; unit++)
            {
                var at = Order[gate] * Hidden + unit;
                var (first, second) = (Value(InputBias, BiasAt.Input + at), Value(RecurrentBias, BiasAt.Recurrent + at));
                var apart = !candidate.IsEmpty && gate == Order.Length - 1;
                bias[gate * Hidden + unit] = apart ? first : RecurrentBias is null ? first : InputBias is null ? second : first + second;
                if (apart) candidate[unit] = second;
            }
        }
    }

    private static float Value(ImportedArray? bias, int index) => bias is null ? 0 : bias.Values[index];
}
