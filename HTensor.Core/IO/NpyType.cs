namespace HTensor.Core;

/// <summary>Element types of npy arrays that HTensor reads and writes, all little-endian.</summary>
public enum NpyType
{
    /// <summary><c>|b1</c>, one byte, 0 or 1.</summary>
    Boolean,

    /// <summary><c>|i1</c></summary>
    Int8,

    /// <summary><c>|u1</c></summary>
    UInt8,

    /// <summary><c>&lt;i2</c></summary>
    Int16,

    /// <summary><c>&lt;u2</c></summary>
    UInt16,

    /// <summary><c>&lt;i4</c></summary>
    Int32,

    /// <summary><c>&lt;u4</c></summary>
    UInt32,

    /// <summary><c>&lt;i8</c></summary>
    Int64,

    /// <summary><c>&lt;u8</c></summary>
    UInt64,

    /// <summary><c>&lt;f4</c></summary>
    Single,

    /// <summary><c>&lt;f8</c></summary>
    Double,

    /// <summary><c>&lt;U7</c>: strings of a fixed number of UTF-32 code points, padded with zeros.</summary>
    Unicode,
}
