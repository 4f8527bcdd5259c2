namespace HTensor.Onnx;

/// <summary>What an exported graph reads and gives.</summary>
public enum OnnxForm
{
    /// <summary><c>x</c> [batch, steps, frame], whole sequences of one length, to <c>y</c>.</summary>
    Sequence,

    /// <summary>The same with the states before and after as inputs and outputs, so that a sequence may come in pieces. Forward models alone.</summary>
    Pieces,

    /// <summary><c>x</c> [batch, frame], one step, with the states before and after; no loop inside. Forward models alone.</summary>
    Step,
}
