using HTensor.Core;

namespace HTensor.Rnn;

/// <summary>One recurrent layer in one direction, as a model's options say it.</summary>
public sealed class LayerStructure
{
    internal LayerStructure(string name, LayerLayout layer, ModelOptions options)
    {
        (Name, Inputs, Hidden) = (name, layer.Inputs, layer.Hidden);
        Matrices = layer.Joint is { } joint
            ? [new LayerMatrix("joint", options.InputWeights, joint.Whole.Network)]
            : [new LayerMatrix("input", options.InputWeights, layer.Input.Network), new LayerMatrix("recurrent", options.RecurrentWeights, Recurrent(layer, options))];
        Parameters = layer.Parameters.Sum(shape => shape.Sizes.Aggregate(1L, (product, size) => product * size));
    }

    /// <summary><c>layer 0</c>, or of a bidirectional model <c>layer 0 forward</c> and <c>layer 0 backward</c>.</summary>
    public string Name { get; }

    /// <summary>Values of a step that it reads.</summary>
    public int Inputs { get; }

    /// <summary>H.</summary>
    public int Hidden { get; }

    /// <summary>W and U, or both as one.</summary>
    public IReadOnlyList<LayerMatrix> Matrices { get; }

    /// <summary>Stored numbers of matrices and biases.</summary>
    public long Parameters { get; }

    /// <summary>Numbers of the biases.</summary>
    public long Biases => Parameters - Matrices.Sum(matrix => matrix.Network.ParameterCount);

    private static MatrixNetwork Recurrent(LayerLayout layer, ModelOptions options) =>
        (layer.Recurrent ?? GateLayout.Create(options.RecurrentWeights, options.HiddenModes, options.HiddenModes, layer.Gates, options.Gates)).Network;
}
