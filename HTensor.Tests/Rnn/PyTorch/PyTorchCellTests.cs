using System.Text.Json;
using HTensor.Autodiff;
using HTensor.Kernels;
using HTensor.Rnn;
using HTensor.Tests.Autodiff;

namespace HTensor.Tests.Rnn;

/// <summary>
/// Recurrent layers on fixed weights against PyTorch's own, states and gradients; pytorch.json was written by make.py beside it (PyTorch 1.13).
/// Gates i, f, g, o and r, z, n are in PyTorch's order; its second bias is added to the first but for the GRU's n.
/// </summary>
public sealed class PyTorchCellTests
{
    private const int Steps = 4, Samples = 3, Inputs = 3, Hidden = 5;
    private const double Tolerance = 1e-9;

    public static TheoryData<string, CellKind, int, Direction> Layers => new()
    {
        { "lstm", CellKind.Lstm, 1, Direction.Forward },
        { "gru", CellKind.Gru, 1, Direction.Forward },
        { "rnn", CellKind.Rnn, 1, Direction.Forward },
        { "lstm, bidirectional", CellKind.Lstm, 1, Direction.Bidirectional },
        { "lstm, two layers", CellKind.Lstm, 2, Direction.Forward },
        { "gru, two layers, bidirectional", CellKind.Gru, 2, Direction.Bidirectional },
    };

    [Theory]
    [MemberData(nameof(Layers))]
    public void States_and_gradients_are_PyTorchs(string name, CellKind cell, int layers, Direction direction)
    {
        using var file = JsonDocument.Parse(string.Join('\n', EmbeddedText.Lines("pytorch.json")));
        var expected = file.RootElement.EnumerateArray().Single(entry => entry.GetProperty("name").GetString() == name);
        var layout = new ClassifierLayout(new ModelOptions
        {
            InputModes = [Inputs],
            HiddenModes = [Hidden],
            Cell = cell,
            Reset = GruReset.After,
            Layers = layers,
            Direction = direction,
            Readout = Readout.Step,
            Classes = ["a", "b"],
        });
        var parameters = new ParameterSet<double>(layout.Parameters);
        foreach (var (layer, torch) in Named(layout)) Set(layer, parameters, expected.GetProperty("parameters"), torch);
        var source = ArraySequenceSource.FromFloats(Values(expected, "x").Select(value => (float)value).ToArray(), Steps, [Inputs], new int[Samples], Lengths(expected));
        var batch = new LaneBatch<double>(Samples, Steps, Inputs, FrameElement.Single, new FrameScaling([0], [1]));
        batch.Load(source, Enumerable.Range(0, Samples).ToArray(), ThreadTeam.Inline);
        var tape = new Tape<double>(parameters);
        var states = new RecurrentStack<double>(tape, batch, layout, default, 0).Output;
        var weights = InLanes(expected, "weights", states.Shape[1]);
        var loss = tape.Record(new WeightedSum("loss", weights), states);
        tape.Forward(ThreadTeam.Inline);
        tape.Backward(loss, ThreadTeam.Inline);
        var y = InLanes(expected, "y", states.Shape[1]);
        Near(y.Where((_, i) => weights[i] != 0), states.Value.ToArray().Where((_, i) => weights[i] != 0), "y");
        foreach (var (layer, torch) in Named(layout)) CompareGradients(layer, tape, expected.GetProperty("gradients"), torch);
    }

    /// <summary>Each layer with what PyTorch's names end in.</summary>
    private static IEnumerable<(LayerLayout Layer, string Torch)> Named(ClassifierLayout layout)
    {
        for (var layer = 0; layer < layout.Layers.Count; layer++)
        {
            for (var direction = 0; direction < layout.Layers[layer].Count; direction++)
                yield return (layout.Layers[layer][direction], $"l{layer}{(direction > 0 ? "_reverse" : "")}");
        }
    }

    private static void Set(LayerLayout layer, ParameterSet<double> parameters, JsonElement values, string torch)
    {
        Transposed(Values(values, $"weight_ih_{torch}"), layer.Inputs).CopyTo(parameters[layer.Name("input.W")].Values);
        Transposed(Values(values, $"weight_hh_{torch}"), Hidden).CopyTo(parameters[layer.Name("recurrent.U")].Values);
        var (input, recurrent) = (Values(values, $"bias_ih_{torch}"), Values(values, $"bias_hh_{torch}"));
        var gru = layer.CandidateBiasName;
        input.Select((value, i) => gru is not null && i >= 2 * Hidden ? value : value + recurrent[i]).ToArray().CopyTo(parameters[layer.BiasName].Values);
        if (gru is not null) recurrent.AsSpan(2 * Hidden).CopyTo(parameters[gru].Values);
    }

    private static void CompareGradients(LayerLayout layer, Tape<double> tape, JsonElement gradients, string torch)
    {
        double[] Found(string name) => tape.Parameter(name).Gradient.ToArray();
        Near(Transposed(Values(gradients, $"weight_ih_{torch}"), layer.Inputs), Found(layer.Name("input.W")), $"input of {torch}");
        Near(Transposed(Values(gradients, $"weight_hh_{torch}"), Hidden), Found(layer.Name("recurrent.U")), $"recurrent of {torch}");
        Near(Values(gradients, $"bias_ih_{torch}"), Found(layer.BiasName), $"bias of {torch}");
        if (layer.CandidateBiasName is { } candidate) Near(Values(gradients, $"bias_hh_{torch}").Skip(2 * Hidden), Found(candidate), $"candidate bias of {torch}");
    }

    private static void Near(IEnumerable<double> expected, IEnumerable<double> found, string what)
    {
        var worst = expected.Zip(found, (a, b) => Math.Abs(a - b)).Max();
        Assert.Equal(expected.Count(), found.Count());
        Assert.True(worst < Tolerance, $"{what}: off by {worst}");
    }

    /// <summary>[rows, columns] to [columns, rows].</summary>
    private static double[] Transposed(double[] matrix, int columns)
    {
        var rows = matrix.Length / columns;
        return [.. Enumerable.Range(0, matrix.Length).Select(i => matrix[i % rows * columns + i / rows])];
    }

    /// <summary>[samples, steps, rows] to [steps, rows, 16], zeros where there is no step.</summary>
    private static double[] InLanes(JsonElement expected, string key, int rows)
    {
        var (values, lengths, lanes) = (Values(expected, key), Lengths(expected), new double[Steps * rows * LaneBlock.Width]);
        for (var i = 0; i < values.Length; i++)
        {
            var (sample, step, row) = (i / (Steps * rows), i / rows % Steps, i % rows);
            if (step < lengths[sample]) lanes[(step * rows + row) * LaneBlock.Width + sample] = values[i];
        }

        return lanes;
    }

    private static int[] Lengths(JsonElement expected) => [.. expected.GetProperty("lengths").EnumerateArray().Select(length => length.GetInt32())];

    private static double[] Values(JsonElement json, string key) => [.. json.GetProperty(key).EnumerateArray().Select(value => value.GetDouble())];
}
