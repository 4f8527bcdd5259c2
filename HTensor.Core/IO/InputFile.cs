namespace HTensor.Core;

/// <summary>Opens files for reading, so that every format refuses what is no readable file in the same words.</summary>
internal static class InputFile
{
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="InvalidDataException">It is a folder, no seekable file, empty, or may not be read.</exception>
    public static FileStream Open(string path)
    {
        ArgumentNullException.ThrowIfNull(path);
        var place = new DataPlace(path);
        if (Directory.Exists(path)) throw place.Wrong("expected a file, found a folder");
        if (!File.Exists(path)) throw new FileNotFoundException($"{path}: no such file", path);
        var stream = OpenExisting(path, place);
        try
        {
            if (!stream.CanSeek) throw place.Wrong("expected a regular file, found a device or a pipe");
            if (stream.Length == 0) throw place.Wrong("the file is empty");
            return stream;
        }
        catch
        {
            stream.Dispose();
            throw;
        }
    }

    /// <summary>
    /// The next <paramref name="count"/> bytes. At most <paramref name="upFront"/> are reserved before any has arrived; beyond that, memory
    /// follows what really arrives, so that a false length cannot exhaust it.
    /// </summary>
    public static byte[] ReadExactly(Stream stream, int count, int upFront, DataPlace place)
    {
        var buffer = GC.AllocateUninitializedArray<byte>(Math.Min(count, upFront));
        var filled = 0;
        while (filled < count)
        {
            if (filled == buffer.Length) Array.Resize(ref buffer, (int)Math.Min(count, Math.Max(2L * filled, 4096)));
            var read = Read(stream, buffer.AsSpan(filled), place);
            if (read == 0) throw place.Unexpected("cut short", $"{count} bytes", $"{filled}");
            filled += read;
        }

        return buffer;
    }

    /// <summary>Whatever a decoder throws at malformed input becomes the one kind that callers know.</summary>
    public static int Read(Stream stream, Span<byte> destination, DataPlace place)
    {
        try
        {
            return stream.Read(destination);
        }
        catch (Exception exception) when (exception is not OutOfMemoryException)
        {
            throw place.Wrong($"cannot be read ({exception.Message})", exception);
        }
    }

    private static FileStream OpenExisting(string path, DataPlace place)
    {
        try
        {
            return new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 1 << 16);
        }
        catch (Exception exception) when (exception is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new FileNotFoundException($"{path}: no such file", path, exception);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw place.Wrong($"cannot be read: {exception.Message}", exception);
        }
    }
}
