using HTensor.Core;
using HTensor.Rnn;

namespace HTensor.Onnx;

/// <summary>
/// Writes a model as ONNX (operators of opset 17) that holds what the model holds: factors stay factors, contracted along the planner's order by
/// Reshape, Transpose and MatMul; products of weights alone are nodes too, which a runtime folds when it loads the file. The input projections of all steps
/// stand before the loop, a Scan; dense layers are the operators LSTM, GRU or RNN. Batch and steps are free.
/// </summary>
public static class OnnxExport
{
    internal const string OptionsKey = "htensor";
    private const int IrVersion = 8, Opset = 17;
    private const string Input = "x", Output = "y", Steps = "steps";

    /// <summary>
    /// Writes <c>y</c> of <c>x</c> in a form. The outputs are those of <see cref="SequenceClassifier.Predict"/> over sequences of one length, or at every step
    /// where the model reads every step. States are h0, c0 of the first layer and so on, <c>sum</c> and <c>count</c> of a mean; those after end in <c>_next</c>.
    /// </summary>
    /// <exception cref="NotSupportedException">States of a model that reads sequences backwards or as differences of frames are asked for.</exception>
    /// <exception cref="IOException">The file cannot be written.</exception>
    public static void Write(SequenceClassifier model, string path, OnnxExportOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(model);
        var bytes = Model(model, options ?? new OnnxExportOptions());
        OutputFile.Write(path, stream => stream.Write(bytes.Span));
    }

    internal static ReadOnlyMemory<byte> Model(SequenceClassifier model, OnnxExportOptions options)
    {
        if (options.Form != OnnxForm.Sequence) RequireForward(model);
        var graph = new GraphBuilder();
        Fill(graph, model, options);
        return new MessageWriter()
            .Number(Fields.ModelIrVersion, IrVersion)
            .Text(Fields.ModelProducer, "HTensor")
            .Message(Fields.ModelGraph, graph.Finish("htensor"))
            .Message(Fields.ModelOpset, new MessageWriter().Text(Fields.OpsetDomain, "").Number(Fields.OpsetVersion, Opset))
            .Message(Fields.ModelMetadata, new MessageWriter().Text(Fields.EntryKey, OptionsKey).Text(Fields.EntryValue, ModelJson.Write(model.Options)))
            .Bytes;
    }

    private static void RequireForward(SequenceClassifier model)
    {
        if (model.Options.Direction == Direction.Bidirectional)
            throw new NotSupportedException("export of states: expected a model that reads forward, found a bidirectional one, which needs the whole sequence");
        if (model.Options.StepInput == StepInput.Difference)
            throw new NotSupportedException("export of states: expected a model that reads frames, found one that reads differences of them, whose first step has none before it");
    }

    private static void Fill(GraphBuilder graph, SequenceClassifier model, OnnxExportOptions options)
    {
        var isStep = options.Form == OnnxForm.Step;
        var isSymbol = model.Options.Front?.Kind == FrontKind.Embedding;
        string[] leading = isStep ? [StateValues.Batch] : [StateValues.Batch, Steps];
        graph.Input(GraphBuilder.Value(Input, isSymbol ? ElementType.Int64 : options.Input == FrameElement.UInt8 ? ElementType.UInt8 : ElementType.Float,
            isSymbol ? leading : [.. leading, $"{model.FrameSize}"]));
        var sizes = new Dictionary<(long, long), string>();
        string Size(long first, long last) => sizes.TryGetValue((first, last), out var size) ? size
            : sizes[(first, last)] = graph.Node("Shape", [Input], [GraphBuilder.Attribute("start", first), GraphBuilder.Attribute("end", last)]);
        var states = new StateValues(graph, options.Form != OnnxForm.Sequence, () => Size(0, 1));
        var frames = new FrameNodes(graph, model, leading.Length);
        ILayerRunner layers = !isStep && OperatorLayers.Fits(model) ? new OperatorLayers(graph, model, states, frames.Flat) : new ScanLayers(graph, model, states, isStep ? null : () => Size(0, 2));
        var head = new HeadNodes(graph, model, states);
        var readout = model.Options.Readout;
        var read = layers.Run(frames.Read(Input, options.Input), readout);
        if (readout == Readout.Mean) read = head.Mean(read, isStep ? null : Size(1, 2));
        graph.Add("Identity", [head.Outputs(read)], [Output]);
        graph.Output(GraphBuilder.Value(Output, ElementType.Float, [.. readout == Readout.Step ? leading : [StateValues.Batch], $"{model.Outputs}"]));
    }
}
