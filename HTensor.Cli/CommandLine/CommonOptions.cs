using System.CommandLine;
using System.Globalization;

namespace HTensor.Cli;

/// <summary>Options that every verb has, or several.</summary>
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

    public static Option<ulong?> Seed(string description) =>
        Parse.Optional<ulong>("--seed", "N", description, "a whole number of at least 0", (text, out value) =>
            ulong.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out value));
}
