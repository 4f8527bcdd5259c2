namespace HTensor.Cli;

/// <summary>Where a request meets the engine: what the engine refuses there is the user's to mend.</summary>
internal static class Request
{
    /// <summary>
    /// Runs the part of a verb that opens files and builds models, so that the engine's refusals (modes that do not fit, a file that
    /// cannot be read) become wrong requests. Work that comes after, such as the training itself, stands outside.
    /// </summary>
    public static T Check<T>(Func<T> prepare)
    {
        try
        {
            return prepare();
        }
        catch (Exception exception) when (exception is ArgumentException or FormatException or InvalidDataException or NotSupportedException
            or IOException or UnauthorizedAccessException or OverflowException)
        {
            throw new RequestException(OneLine.Of(exception), exception);
        }
    }

    /// <inheritdoc cref="Check{T}(Func{T})"/>
    public static void Check(Action prepare) => Check(() =>
    {
        prepare();
        return true;
    });
}
