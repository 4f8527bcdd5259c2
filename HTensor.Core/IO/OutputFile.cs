namespace HTensor.Core;

/// <summary>Writes a file beside its place and renames it there, so that nobody ever sees half a file.</summary>
public static class OutputFile
{
    /// <summary>The file appears whole or not at all, whenever the process ends; what was begun is called <c>PATH.*.tmp</c>.</summary>
    /// <param name="path">Its place.</param>
    /// <param name="write">Writes the content to the stream that it is given.</param>
    /// <exception cref="IOException">The folder is missing or cannot be written; an earlier file of that name is as it was.</exception>
    public static void Write(string path, Action<Stream> write)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        ArgumentNullException.ThrowIfNull(write);
        if (IsDevice(path)) throw new IOException($"{path}: cannot be written: it is a device, which a file would take the place of");
        var beside = $"{path}.{Path.GetRandomFileName()}.tmp";
        try
        {
            using (var stream = new FileStream(beside, FileMode.CreateNew, FileAccess.ReadWrite, FileShare.None, bufferSize: 1 << 16))
            {
                write(stream);
                stream.Flush(flushToDisk: true);
            }

            File.Move(beside, path, overwrite: true);
        }
        catch (Exception exception)
        {
            Discard(beside);
            if (exception is UnauthorizedAccessException || (exception is IOException && exception is not InvalidDataException))
                throw new IOException($"{path}: cannot be written: {Reason(path, exception)}", exception);
            throw;
        }
    }

    /// <summary>Whether the path is one of what stands in /dev, other than memory.</summary>
    public static bool IsDevice(string path)
    {
        var full = Path.GetFullPath(path);
        return full.StartsWith("/dev/", StringComparison.Ordinal) && !full.StartsWith("/dev/shm/", StringComparison.Ordinal);
    }

    private static string Reason(string path, Exception exception)
    {
        var folder = Path.GetDirectoryName(Path.GetFullPath(path));
        return exception switch
        {
            DirectoryNotFoundException => $"no folder {folder}",
            UnauthorizedAccessException => Directory.Exists(path) ? "it is a folder" : $"no permission in {folder}",
            _ => exception.Message,
        };
    }

    private static void Discard(string beside)
    {
        try
        {
            File.Delete(beside);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // The failure that brought us here is the one to report.
        }
    }
}
