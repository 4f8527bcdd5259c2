using HTensor.Core;
using HTensor.Rnn;

namespace HTensor.Onnx;

/// <summary>From the graph's x to what the first recurrent layer reads: element type, scaling, differences of frames, the layer in front.</summary>
/// <param name="graph">Where the nodes go.</param>
/// <param name="model">The model.</param>
/// <param name="leading">Axes of x before a frame's values: batch and steps, or batch.</param>
internal sealed class FrameNodes(GraphBuilder graph, SequenceClassifier model, int leading)
{
    public const string MeanName = "scaling.mean";
    public const string DeviationName = "scaling.deviation";
    private const float Slope = 0.01f;

    /// <summary>Values [batch, (steps,) N]; a frame may have more axes than one.</summary>
    public string Read(string x, FrameElement element)
    {
        var parameters = model.Parameters;
        if (model.Options.Front is { } front) Store(ClassifierLayout.FrontName);
        else front = null;
        if (front?.Kind == FrontKind.Embedding) return graph.Node("Gather", [ClassifierLayout.FrontName, x]);
        if (element == FrameElement.UInt8) x = graph.Node("Cast", [x], GraphBuilder.Attribute("to", (long)ElementType.Float));
        x = Scaled(x);
        if (model.Options.StepInput == StepInput.Difference) x = Differences(x);
        if (front is null) return x;
        Store(ClassifierLayout.FrontBiasName);
        var y = graph.Node("Add", [graph.Node("MatMul", [Flat(x), ClassifierLayout.FrontName]), ClassifierLayout.FrontBiasName]);
        return graph.Node("LeakyRelu", [y], GraphBuilder.Attribute("alpha", Slope));

        void Store(string name) => graph.Floats(name, parameters[name].Memory, parameters[name].Shape.Sizes);
    }

    /// <summary>A frame as one axis.</summary>
    public string Flat(string x) => IsImage ? graph.Node("Reshape", [x, graph.Integers([.. Kept, model.FrameSize])]) : x;

    private long[] Kept => [.. Enumerable.Repeat(0L, leading)];

    /// <summary>Whether frames have their channels apart.</summary>
    private bool IsImage => model.Scaling.Channels > 1 && model.Options.Front?.Kind != FrontKind.Embedding && !IsPlain;

    private bool IsPlain => model.Scaling.Mean.All(mean => mean == 0) && model.Scaling.Deviation.All(deviation => deviation == 1);

    /// <summary>(x - mean) / deviation of each channel.</summary>
    private string Scaled(string x)
    {
        if (IsPlain) return x;
        var channels = model.Scaling.Channels;
        if (channels > 1) x = graph.Node("Reshape", [x, graph.Integers([.. Kept, model.FrameSize / channels, channels])]);
        var centred = graph.Node("Sub", [x, graph.Floats(MeanName, model.Scaling.Mean, channels)]);
        return graph.Node("Div", [centred, graph.Floats(DeviationName, model.Scaling.Deviation, channels)]);
    }

    /// <summary>x_t - x_(t-1), 0 at the first step; a difference of what W is multiplied by is that of the products.</summary>
    private string Differences(string x)
    {
        string Steps(long first, long last) => graph.Node("Slice", [x, graph.Integers(first), graph.Integers(last), graph.Integers(1)]);
        return graph.Node("Sub", [x, graph.Node("Concat", [Steps(0, 1), Steps(0, -1)], GraphBuilder.Attribute("axis", 1L))]);
    }
}
