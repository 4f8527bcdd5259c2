namespace HTensor.Core;

/// <summary>Sizes and names of <see cref="SafetensorsType"/>.</summary>
internal static class SafetensorsTypes
{
    public const string Taken = "BOOL, U8, I8, U16, I16, U32, I32, U64, I64, F16, BF16, F32 or F64";

    public static int Size(SafetensorsType type) => type switch
    {
        SafetensorsType.BOOL or SafetensorsType.U8 or SafetensorsType.I8 => 1,
        SafetensorsType.U16 or SafetensorsType.I16 or SafetensorsType.F16 or SafetensorsType.BF16 => 2,
        SafetensorsType.U32 or SafetensorsType.I32 or SafetensorsType.F32 => 4,
        SafetensorsType.U64 or SafetensorsType.I64 or SafetensorsType.F64 => 8,
        _ => throw new ArgumentOutOfRangeException(nameof(type), type, "no safetensors type"),
    };

    public static string Name(SafetensorsType type) => type switch
    {
        SafetensorsType.BOOL => "BOOL",
        SafetensorsType.U8 => "U8",
        SafetensorsType.I8 => "I8",
        SafetensorsType.U16 => "U16",
        SafetensorsType.I16 => "I16",
        SafetensorsType.U32 => "U32",
        SafetensorsType.I32 => "I32",
        SafetensorsType.U64 => "U64",
        SafetensorsType.I64 => "I64",
        SafetensorsType.F16 => "F16",
        SafetensorsType.BF16 => "BF16",
        SafetensorsType.F32 => "F32",
        SafetensorsType.F64 => "F64",
        _ => throw new ArgumentOutOfRangeException(nameof(type), type, "no safetensors type"),
    };

    public static SafetensorsType? Parse(string name)
    {
        for (var type = SafetensorsType.BOOL; type <= SafetensorsType.F64; type++)
            if (Name(type) == name) return type;
        return null;
    }

    public static SafetensorsType Of<T>() where T : unmanaged
    {
        if (typeof(T) == typeof(float)) return SafetensorsType.F32;
        if (typeof(T) == typeof(double)) return SafetensorsType.F64;
        if (typeof(T) == typeof(Half)) return SafetensorsType.F16;
        if (typeof(T) == typeof(byte)) return SafetensorsType.U8;
        if (typeof(T) == typeof(sbyte)) return SafetensorsType.I8;
        if (typeof(T) == typeof(ushort)) return SafetensorsType.U16;
        if (typeof(T) == typeof(short)) return SafetensorsType.I16;
        if (typeof(T) == typeof(uint)) return SafetensorsType.U32;
        if (typeof(T) == typeof(int)) return SafetensorsType.I32;
        if (typeof(T) == typeof(ulong)) return SafetensorsType.U64;
        if (typeof(T) == typeof(long)) return SafetensorsType.I64;
        if (typeof(T) == typeof(bool)) return SafetensorsType.BOOL;
        throw new NotSupportedException($"safetensors element type: expected one of {Taken}, found {typeof(T).Name}");
    }
}
