using System.Globalization;

namespace HTensor.Core;

/// <summary>npy's type words ("descr") to <see cref="NpyType"/> and back.</summary>
internal static class NpyTypes
{
    public const string Taken = "u1, i1, u2, i2, u4, i4, u8, i8, f4, f8, bool or fixed-width strings (U), little-endian";

    private const int BytesPerCodePoint = 4;

    public static int Size(NpyType type) => type switch
    {
        NpyType.Boolean or NpyType.Int8 or NpyType.UInt8 => 1,
        NpyType.Int16 or NpyType.UInt16 => 2,
        NpyType.Int32 or NpyType.UInt32 or NpyType.Single => 4,
        NpyType.Int64 or NpyType.UInt64 or NpyType.Double => 8,
        _ => throw new ArgumentOutOfRangeException(nameof(type), type, "a string's size depends on its width"),
    };

    public static string Descr(NpyType type, int elementSize) => type switch
    {
        NpyType.Boolean => "|b1",
        NpyType.Int8 => "|i1",
        NpyType.UInt8 => "|u1",
        NpyType.Int16 => "<i2",
        NpyType.UInt16 => "<u2",
        NpyType.Int32 => "<i4",
        NpyType.UInt32 => "<u4",
        NpyType.Int64 => "<i8",
        NpyType.UInt64 => "<u8",
        NpyType.Single => "<f4",
        NpyType.Double => "<f8",
        NpyType.Unicode => string.Create(CultureInfo.InvariantCulture, $"<U{elementSize / BytesPerCodePoint}"),
        _ => throw new ArgumentOutOfRangeException(nameof(type), type, "no npy type"),
    };

    /// <summary>Reads a descr such as <c>&lt;f4</c>; what is refused is refused by name.</summary>
    public static (NpyType Type, int ElementSize) Parse(string descr, DataPlace place)
    {
        var order = descr.Length > 0 && descr[0] is '<' or '>' or '|' or '=' ? descr[0] : '=';
        var code = descr.AsSpan().TrimStart("<>|=");
        if (code.StartsWith("O")) throw place.Unexpected($"dtype '{descr}'", Taken, "pickled Python objects, which are never loaded");
        if (code.StartsWith("U") && order != '>') return (NpyType.Unicode, StringSize(descr, code[1..], place));
        NpyType? type = code switch
        {
            "b1" => NpyType.Boolean,
            "i1" => NpyType.Int8,
            "u1" => NpyType.UInt8,
            "i2" => NpyType.Int16,
            "u2" => NpyType.UInt16,
            "i4" => NpyType.Int32,
            "u4" => NpyType.UInt32,
            "i8" => NpyType.Int64,
            "u8" => NpyType.UInt64,
            "f4" => NpyType.Single,
            "f8" => NpyType.Double,
            _ => null,
        };
        if (order == '>' && !code.EndsWith("1")) throw place.Unexpected($"dtype '{descr}'", Taken, "big-endian data");
        return type is { } known ? (known, Size(known)) : throw place.Unexpected("dtype", Taken, $"'{descr}'");
    }

    public static NpyType Of<T>() where T : unmanaged
    {
        if (typeof(T) == typeof(byte)) return NpyType.UInt8;
        if (typeof(T) == typeof(float)) return NpyType.Single;
        if (typeof(T) == typeof(double)) return NpyType.Double;
        if (typeof(T) == typeof(long)) return NpyType.Int64;
        if (typeof(T) == typeof(int)) return NpyType.Int32;
        if (typeof(T) == typeof(short)) return NpyType.Int16;
        if (typeof(T) == typeof(sbyte)) return NpyType.Int8;
        if (typeof(T) == typeof(ushort)) return NpyType.UInt16;
        if (typeof(T) == typeof(uint)) return NpyType.UInt32;
        if (typeof(T) == typeof(ulong)) return NpyType.UInt64;
        if (typeof(T) == typeof(bool)) return NpyType.Boolean;
        throw new NotSupportedException($"npy element type: expected one of {Taken}, found {typeof(T).Name}");
    }

    private static int StringSize(string descr, ReadOnlySpan<char> digits, DataPlace place)
    {
        const int widest = 1 << 24;
        if (int.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out var width) && width is >= 1 and <= widest)
            return width * BytesPerCodePoint;
        throw place.Unexpected("dtype", $"a string of 1 to {widest} code points", $"'{descr}'");
    }
}
