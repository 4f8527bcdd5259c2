using System.CommandLine;

namespace HTensor.Cli;

/// <summary>Options that every verb has.</summary>
internal static class CommonOptions
{
    public static Option<bool> Json { get; } = new("--json")
    {
        Description = "print the result as one line of JSON; progress goes to stderr",
        Recursive = true,
    };

    public static Option<bool> Verbose { get; } = new("--verbose")
    {
        Description = "when something fails, print where",
        Recursive = true,
    };
}
