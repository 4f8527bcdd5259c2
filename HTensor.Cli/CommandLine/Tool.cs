using System.CommandLine;

namespace HTensor.Cli;

/// <summary>The whole tool from arguments to exit code. Every failure ends here, as one line on stderr.</summary>
internal static class Tool
{
    public static int Run(IReadOnlyList<string> arguments, CommandIo io, IVerbs verbs)
    {
        // A file whose name starts with @ is a file, and -abc is not -a -b -c.
        var parsing = new ParserConfiguration { ResponseFileTokenReplacer = null, EnablePosixBundling = false };
        var result = ToolCommand.Create(io, verbs).Parse(arguments, parsing);
        if (ParseFailure.Of(result) is { } failure) return Fail(io, failure, ExitCode.WrongRequest);

        (io.Json, io.Verbose) = (result.GetValue(CommonOptions.Json), result.GetValue(CommonOptions.Verbose));
        try
        {
            return result.Invoke(new InvocationConfiguration
            {
                EnableDefaultExceptionHandler = false,
                ProcessTerminationTimeout = null,
                Output = io.Output,
                Error = io.Error,
            });
        }
        catch (Exception exception)
        {
            if (io.Verbose) io.Error.WriteLine(exception);
            if (exception is OperationCanceledException) return Fail(io, exception is InterruptedException ? exception.Message : "interrupted", ExitCode.Interrupted);

            // A file may prove wrong only when its samples are read.
            var isRequest = exception is RequestException or InvalidDataException or FileNotFoundException or DirectoryNotFoundException;
            return Fail(io, OneLine.Of(exception), isRequest ? ExitCode.WrongRequest : ExitCode.RunFailed);
        }
    }

    private static int Fail(CommandIo io, string line, int exitCode)
    {
        io.Error.WriteLine($"htensor: {OneLine.Of(line)}");
        return exitCode;
    }
}
