namespace HTensor.Rnn;

/// <summary>What options come to, without a model made of them.</summary>
public static class ModelStructure
{
    /// <summary>The first layer's input matrix of all gates; where input and recurrent matrix are held as one, both.</summary>
    /// <exception cref="ArgumentException">Modes or ranks do not fit the formats; the message names what was expected and found.</exception>
    public static GateLayout FirstMatrix(ModelOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        var layer = new LayerLayout(options.OfLayer(0), "", options.InputModes);
        return layer.Joint?.Whole ?? layer.Input;
    }

    /// <summary>The matrices of all layers of a model, each layer's input matrix before its recurrent one.</summary>
    public static IReadOnlyList<LayerMatrix> Matrices(SequenceClassifier model)
    {
        ArgumentNullException.ThrowIfNull(model);
        return [.. model.Layout.Layers.SelectMany(directions => directions).SelectMany(layer => layer.Named)];
    }
}
