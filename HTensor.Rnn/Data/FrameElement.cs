namespace HTensor.Rnn;

/// <summary>How one value of a frame is stored in a source's bytes, little-endian.</summary>
public enum FrameElement
{
    /// <summary>One unsigned byte a value.</summary>
    UInt8,

    /// <summary>One 32-bit float a value.</summary>
    Single,
}
