namespace HTensor.Rnn;

/// <summary>What options come to, without a model made of them.</summary>
public static class ModelStructure
{
    /// <summary>The first layer's input matrix of all gates; where input and recurrent matrix are held as one, both.</summary>
    /// <exception cref="ArgumentException">Modes or ranks do not fit the formats; the message names what was expected and found.</exception>
    public static GateLayout FirstMatrix(ModelOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        var layer = new LayerLayout(options, "", options.InputModes);
        return layer.Joint?.Whole ?? layer.Input;
    }

    /// <summary>Every recurrent layer, from the first to the last, forward before backward.</summary>
    /// <exception cref="ArgumentException">Modes or ranks do not fit the formats; the message names what was expected and found.</exception>
    public static IReadOnlyList<LayerStructure> Layers(ModelOptions options) =>
        [.. new ClassifierLayout(options).Layers.SelectMany((directions, layer) => directions.Select((direction, i) =>
            new LayerStructure($"layer {layer}{(directions.Count == 1 ? "" : i == 0 ? " forward" : " backward")}", direction, options)))];
}
