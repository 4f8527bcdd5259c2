namespace HTensor.Cli;

/// <summary>An exception as the one line that goes to stderr.</summary>
internal static class OneLine
{
    public static string Of(Exception exception)
    {
        // Work on several threads wraps the failure that matters.
        while (exception is AggregateException { InnerExceptions: [var only] }) exception = only;
        var message = exception.Message;
        if (exception is ArgumentException { ParamName: { } name })
            message = message.Replace($" (Parameter '{name}')", "", StringComparison.Ordinal);
        return Of(message);
    }

    public static string Of(string message) =>
        string.Join(' ', message.Split(['\r', '\n'], StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries));
}
