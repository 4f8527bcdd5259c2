using System.Globalization;
using HTensor.Core;
using HTensor.Rnn;

namespace HTensor.Onnx;

/// <summary>
/// ONNX as a model with dense matrices: a plain classifier of recurrent layers (LSTM, GRU, RNN), or those of its nodes that are named, wherever in the graphs
/// they are, as a model of states. A file that <see cref="OnnxExport"/> wrote is the model that it was, bit for bit.
/// </summary>
public static class OnnxImport
{
    /// <summary>
    /// Softmax makes a classifier, a sigmoid at every step next notes, scores alone a regression, whose numbers they are; without a dense layer the
    /// outputs are the states. Classes are numbered.
    /// </summary>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="InvalidDataException">It is no ONNX, or does what our models do not; the message names the file, the node, expected and found.</exception>
    public static SequenceClassifier Load(string path, ImportOptions? options = null)
    {
        var file = ModelParser.Read(path);
        var place = new DataPlace(path);
        try
        {
            var model = options?.Nodes is { } nodes ? Named(place, file.Graph, nodes)
                : file.Metadata.TryGetValue(OnnxExport.OptionsKey, out var json) ? OwnModel.Read(place, json, file.Graph)
                : Classifier(place, file);
            return ImportedModel.Finite(place, model);
        }
        catch (Exception exception) when (exception is ArgumentException or FormatException or OverflowException)
        {
            throw place.Wrong(exception);
        }
    }

    private static SequenceClassifier Classifier(DataPlace place, OnnxFile file)
    {
        if (file.HasFunctions) throw place.Wrong("functions of the model's own are not supported");
        var walk = new GraphWalk(file.Graph, new Constants(place.File, file.Graph, null));
        walk.Run();
        var model = ImportedModel.Of(place, walk.Layers, options => Completed(place, options, walk));
        if (walk.Embedding is { } table) table.Array.Values.CopyTo(model.Parameters[ClassifierLayout.FrontName].Values);
        walk.Front?.CopyTo(model.Parameters[ClassifierLayout.FrontName].Values, model.Parameters[ClassifierLayout.FrontBiasName].Values);
        walk.Head?.CopyTo(model.Parameters[ClassifierLayout.ReadoutName].Values, model.Parameters[ClassifierLayout.ReadoutBiasName].Values);
        return model;
    }

    private static ModelOptions Completed(DataPlace place, ModelOptions options, GraphWalk walk)
    {
        var inputs = options.InputModes[0];
        if (walk.Embedding is { } table)
        {
            if (table.Shape[1] != inputs) throw place.Unexpected("embedding", $"vectors of {inputs} values, as the first layer reads", $"{table.Shape[1]}");
            options = options with { Front = FrontLayer.Embedding(table.Shape[0]) };
        }

        if (walk.Front is { } front)
        {
            if (front.Outputs != inputs) throw place.Unexpected("dense layer in front", $"{inputs} values, as the first layer reads", $"{front.Outputs}");
            options = options with { Front = FrontLayer.Dense(front.Inputs) };
        }

        if (walk.Head is not { } head) return options;
        return options with
        {
            Task = walk.Task,
            Readout = walk.Output.Axes.Contains(Axis.Step) ? Readout.Step : walk.Readout,
            Classes = [.. Enumerable.Range(0, head.Outputs).Select(output => output.ToString(CultureInfo.InvariantCulture))],
        };
    }

    /// <summary>Nodes by name, one after another.</summary>
    private static SequenceClassifier Named(DataPlace place, OnnxGraph graph, IReadOnlyList<string> names)
    {
        var all = new List<(OnnxNode Node, Constants Constants)>();
        Collect(place, graph, null, all);
        var layers = names.Select(name => all.Where(pair => pair.Node.Name == name || pair.Node.Outputs.Contains(name)).ToArray() switch
        {
            [var one, ..] => OperatorLayer.Read(one.Node, one.Constants),
            _ => throw place.Unexpected("recurrent nodes", $"'{name}' among them", LayerNames.Text([.. all.Select(pair => pair.Node.Name)])),
        });
        return ImportedModel.Of(place, [.. layers]);
    }

    /// <summary>Recurrent nodes of a graph and of those within it.</summary>
    private static void Collect(DataPlace place, OnnxGraph graph, Constants? outer, List<(OnnxNode Node, Constants Constants)> all)
    {
        var constants = new Constants(place.File, graph, outer);
        foreach (var node in graph.Nodes)
        {
            if (OperatorLayer.Is(node)) all.Add((node, constants));
            foreach (var attribute in node.Attributes.Values.Where(attribute => attribute.Graph is not null)) Collect(place, attribute.Graph!, constants, all);
        }
    }
}
