using HTensor.Rnn;

namespace HTensor.Onnx;

/// <summary>From the states that are read to the outputs: mean over the steps, the dense layer, softmax or sigmoid.</summary>
internal sealed class HeadNodes(GraphBuilder graph, SequenceClassifier model, StateValues states)
{
    private const string Sum = "sum", Count = "count";

    /// <summary>[batch, (steps,) outputs].</summary>
    public string Outputs(string read)
    {
        var layout = model.Layout;
        if (layout.Readout is null) return read;
        string Stored(string name) => graph.Floats(name, model.Parameters[name].Memory, model.Parameters[name].Shape.Sizes);
        var outputs = graph.Node("Add", [graph.Node("MatMul", [read, Stored(ClassifierLayout.ReadoutName)]), Stored(ClassifierLayout.ReadoutBiasName)]);
        return model.Options.Task switch
        {
            SequenceTask.Regression => outputs,
            SequenceTask.NextNotes => graph.Node("Sigmoid", [outputs]),
            _ => graph.Node("Softmax", [outputs], GraphBuilder.Attribute("axis", -1L)),
        };
    }

    /// <summary>The mean of h so far: over the steps of a sequence, or of those before too, whose sum and number are states.</summary>
    /// <param name="h">[batch, steps, H], or [batch, H] of one step.</param>
    /// <param name="steps">Number of steps of h, a vector of one; null: one step.</param>
    public string Mean(string h, string? steps)
    {
        if (!states.IsKept) return graph.Node("ReduceMean", [h], GraphBuilder.Attribute("axes", [1L]), GraphBuilder.Attribute("keepdims", 0L));
        var hidden = model.Layout.Hidden;
        var (sum, count) = (states.Before(Sum, hidden), states.Before(Count, 1));
        var here = steps is null ? h : graph.Node("ReduceSum", [h, graph.Integers(1)], GraphBuilder.Attribute("keepdims", 0L));
        var number = graph.Node("Cast", [steps ?? graph.Integers(1)], GraphBuilder.Attribute("to", (long)ElementType.Float));
        (sum, count) = (graph.Node("Add", [sum, here]), graph.Node("Add", [count, number]));
        states.After(Sum, hidden, sum);
        states.After(Count, 1, count);
        return graph.Node("Div", [sum, count]);
    }
}
