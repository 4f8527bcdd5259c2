namespace HTensor.Core;

/// <summary>How the arrays of an npz archive are stored.</summary>
public enum NpzCompression
{
    /// <summary>As they are, like <c>numpy.savez</c>.</summary>
    Stored,

    /// <summary>Deflated, like <c>numpy.savez_compressed</c>.</summary>
    Deflated,
}
