using System.Text;

namespace HTensor.Tests.Core.IO;

/// <summary>npy files made by hand, right and wrong.</summary>
internal static class NpyBytes
{
    public static byte[] Make(string header, ReadOnlySpan<byte> elements, byte major = 1)
    {
        var lengthBytes = major == 1 ? 2 : 4;
        var text = header.PadRight((header.Length + 10 + 63) / 64 * 64 + 64 - 9 - lengthBytes) + "\n";
        var stream = new MemoryStream();
        stream.Write([0x93, .. "NUMPY"u8, major, 0]);
        stream.Write(BitConverter.GetBytes(text.Length).AsSpan(0, lengthBytes));
        stream.Write(Encoding.Latin1.GetBytes(text));
        stream.Write(elements);
        return stream.ToArray();
    }

    public static string Header(string descr, string shape, string fortran = "False") =>
        $"{{'descr': '{descr}', 'fortran_order': {fortran}, 'shape': {shape}, }}";
}
