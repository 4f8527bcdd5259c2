using System.Diagnostics.CodeAnalysis;

namespace HTensor.Core;

/// <summary>Arrays by name: an npz archive, or a folder of npy files.</summary>
internal interface IArrayStore : IDisposable
{
    bool Contains(string name);

    /// <exception cref="InvalidDataException">There is no such key, or what it holds is no npy array of a known type, whole.</exception>
    NpyArray Read(string name);

    /// <exception cref="InvalidDataException">What the key holds is no npy array of a known type, whole.</exception>
    bool TryRead(string name, [NotNullWhen(true)] out NpyArray? array);

    /// <summary>Where an array lies, without reading it.</summary>
    /// <exception cref="InvalidDataException">There is no such key, or its elements do not lie in the file as they are, whole, row-major.</exception>
    StoredArray Locate(string name);
}

/// <summary>An array that lies in a file as it is: little-endian, from an offset on.</summary>
internal sealed record StoredArray(string File, NpyType Type, IReadOnlyList<int> Shape, long Offset, long Length, ElementOrder Order);
