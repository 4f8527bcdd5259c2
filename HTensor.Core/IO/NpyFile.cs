namespace HTensor.Core;

/// <summary>Reads and writes npy files: one array each.</summary>
public static class NpyFile
{
    /// <summary>
    /// Reads npy 1.0, 2.0 or 3.0. Arrays in Fortran order are brought into row-major order. Big-endian, structured and pickled arrays are refused.
    /// </summary>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="InvalidDataException">The file holds no such array, whole; the message names file, place, expected and found.</exception>
    public static NpyArray Read(string path)
    {
        using var stream = InputFile.Open(path);
        var place = new DataPlace(path);
        if (stream.Length > Array.MaxLength) throw place.Unexpected("size", $"at most {Array.MaxLength} bytes", $"{stream.Length}");
        var length = (int)stream.Length;
        return NpyFormat.Parse(InputFile.ReadExactly(stream, length, upFront: length, place), place);
    }

    /// <summary>The shape alone of an array, which may be larger than memory.</summary>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="InvalidDataException">The file holds no such array, whole.</exception>
    public static IReadOnlyList<int> ReadShape(string path)
    {
        using var stream = InputFile.Open(path);
        return NpyFormat.Locate(stream, stream, stream.Length, new DataPlace(path), ElementOrder.FirstFastest).Shape;
    }

    /// <summary>Writes npy 1.0, byte for byte as numpy does. The file appears whole or not at all.</summary>
    /// <exception cref="IOException">It cannot be written.</exception>
    public static void Write(string path, NpyArray array)
    {
        ArgumentNullException.ThrowIfNull(array);
        OutputFile.Write(path, stream => NpyFormat.Write(stream, array));
    }
}
