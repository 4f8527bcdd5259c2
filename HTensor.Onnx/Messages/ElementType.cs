namespace HTensor.Onnx;

/// <summary>Element types of tensors, by their numbers in ONNX.</summary>
internal enum ElementType
{
    None = 0,
    Float = 1,
    UInt8 = 2,
    Int32 = 6,
    Int64 = 7,
    Bool = 9,
    Half = 10,
    Double = 11,
    BFloat16 = 16,
}
