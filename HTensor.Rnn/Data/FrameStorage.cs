namespace HTensor.Rnn;

/// <summary>Where the frames of a file are while they are worked with.</summary>
public enum FrameStorage
{
    /// <summary>Read into memory; every value is checked.</summary>
    Memory,

    /// <summary>
    /// Mapped: they stay in the file and are read when they are needed, so a set may be larger than memory. They must be stored uncompressed,
    /// row-major, as uint8 or float32 (<c>numpy.savez</c>, <c>numpy.save</c>). Values and checksum are not checked, and the file must not be
    /// shortened while it is in use.
    /// </summary>
    Mapped,
}
