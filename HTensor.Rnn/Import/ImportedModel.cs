using HTensor.Autodiff;
using HTensor.Core;

namespace HTensor.Rnn;

/// <summary>A model of imported layers: dense matrices, one row of layers of one kind and size, each in one or both directions.</summary>
internal static class ImportedModel
{
    /// <param name="place">The file.</param>
    /// <param name="layers">From the first to the last, each forward and perhaps backward.</param>
    /// <param name="complete">What the recurrent layers do not say: head, front, task.</param>
    /// <param name="scaling">Of the frames; null: as they are.</param>
    /// <exception cref="InvalidDataException">The layers are of different kinds or sizes, or do not follow on one another.</exception>
    public static SequenceClassifier Of(DataPlace place, IReadOnlyList<IReadOnlyList<ImportedLayer>> layers, Func<ModelOptions, ModelOptions>? complete = null, FrameScaling? scaling = null)
    {
        var first = layers[0][0];
        Require(place, layers);
        var options = new ModelOptions
        {
            InputModes = [first.Inputs],
            HiddenModes = [first.Hidden],
            Cell = first.Cell,
            Reset = first.Reset,
            Layers = layers.Count,
            Direction = layers[0].Count == 2 ? Direction.Bidirectional : Direction.Forward,
            Task = SequenceTask.States,
            Classes = [],
        };
        if (complete is not null) options = complete(options);
        var model = new SequenceClassifier(new ClassifierLayout(options), scaling ?? new FrameScaling([0], [1]));
        for (var layer = 0; layer < layers.Count; layer++)
        {
            for (var direction = 0; direction < layers[layer].Count; direction++)
                layers[layer][direction].CopyTo(model.Layout.Layers[layer][direction], model.Parameters);
        }

        return model;
    }

    /// <exception cref="InvalidDataException">A weight is not finite.</exception>
    public static SequenceClassifier Finite(DataPlace place, SequenceClassifier model)
    {
        if (Autodiff.NonFinite.First<float>(model.Parameters, model.Parameters.Values) is { } parameter)
            throw place.Wrong($"{parameter.Name}: expected finite weights, found one that is not");
        return model;
    }

    private static void Require(DataPlace place, IReadOnlyList<IReadOnlyList<ImportedLayer>> layers)
    {
        var first = layers[0][0];
        for (var i = 0; i < layers.Count; i++)
        {
            if (layers[i].Count != layers[0].Count) throw place.Wrong($"{layers[i][0].Name}: expected {Directions(layers[0].Count)} as {first.Name}, found {Directions(layers[i].Count)}");
            var inputs = i == 0 ? first.Inputs : first.Hidden * layers[0].Count;
            foreach (var layer in layers[i])
            {
                if ((layer.Cell, layer.Reset, layer.Hidden) != (first.Cell, first.Reset, first.Hidden))
                    throw place.Wrong($"{layer.Name}: expected {Kind(first)} as {first.Name}, found {Kind(layer)}: take one of them by its name");
                if (layer.Inputs != inputs) throw place.Wrong($"{layer.Name}: expected {inputs} inputs, found {layer.Inputs}: take layers that follow on one another by their names");
            }
        }
    }

    private static string Directions(int count) => count == 2 ? "both directions" : "one direction";

    private static string Kind(ImportedLayer layer) =>
        $"{layer.Cell.ToString().ToLowerInvariant()} of {layer.Hidden} units{(layer.Cell == CellKind.Gru ? $", reset {layer.Reset.ToString().ToLowerInvariant()}" : "")}";
}
