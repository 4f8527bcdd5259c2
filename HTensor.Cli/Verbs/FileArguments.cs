using System.CommandLine;

namespace HTensor.Cli;

/// <summary>Arguments that name files which must be there.</summary>
internal static class FileArguments
{
    /// <summary>Data that may be left out.</summary>
    public static Argument<string?> OptionalData(string description)
    {
        var argument = new Argument<string?>("DATA") { Description = description, Arity = ArgumentArity.ZeroOrOne };
        RequireFileOrFolder(argument);
        return argument;
    }

    /// <summary>Data.</summary>
    public static Argument<string> Data(string description)
    {
        var argument = new Argument<string>("DATA") { Description = description };
        RequireFileOrFolder(argument);
        return argument;
    }

    /// <summary>Any file or run folder.</summary>
    public static Argument<string> File(string description)
    {
        var argument = new Argument<string>("FILE") { Description = description };
        RequireFileOrRun(argument);
        return argument;
    }

    /// <summary>A model file, or a run folder.</summary>
    public static Argument<string> Model(string description)
    {
        var argument = new Argument<string>("MODEL") { Description = description };
        RequireFileOrRun(argument);
        return argument;
    }

    private static void RequireFileOrRun(Argument argument) => Require(argument, Path.Exists, "file or run folder");

    private static void RequireFileOrFolder(Argument argument) => Require(argument, Path.Exists, "file or folder");

    private static void Require(Argument argument, Func<string, bool> exists, string kind) => argument.Validators.Add(result =>
    {
        foreach (var path in result.Tokens.Select(token => token.Value))
        {
            if (!exists(path)) result.AddError($"{argument.Name}: expected a {kind}, found nothing at {path}");
        }
    });
}
