using HTensor.Rnn;

namespace HTensor.Onnx;

/// <summary>How a model is written as ONNX.</summary>
public sealed record OnnxExportOptions
{
    public OnnxForm Form { get; init; } = OnnxForm.Sequence;

    /// <summary>Element type of <c>x</c>; symbols are int64 always. Frames are as a data set stores them: the graph scales them.</summary>
    public FrameElement Input { get; init; } = FrameElement.Single;
}
