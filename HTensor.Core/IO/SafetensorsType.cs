namespace HTensor.Core;

/// <summary>Element types of safetensors, in the format's own words, little-endian.</summary>
public enum SafetensorsType
{
    /// <summary>One byte, 0 or 1.</summary>
    BOOL,

    U8,
    I8,
    U16,
    I16,
    U32,
    I32,
    U64,
    I64,

    /// <summary>IEEE half precision.</summary>
    F16,

    /// <summary>The upper half of an <see cref="F32"/>.</summary>
    BF16,

    F32,
    F64,
}
