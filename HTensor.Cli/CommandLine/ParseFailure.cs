using System.CommandLine;
using System.CommandLine.Parsing;

namespace HTensor.Cli;

/// <summary>What is wrong with the arguments, in one line.</summary>
internal static class ParseFailure
{
    private const int FarthestTypo = 3;

    /// <summary>The failure to show, or null if the arguments are fine.</summary>
    public static string? Of(ParseResult result)
    {
        if (result.Action is HelpWithExamples) return null;
        var command = result.CommandResult.Command;
        if (Stray(result).FirstOrDefault(LooksLikeOption) is { } option) return UnknownOption(option, command);
        if (result.UnmatchedTokens is [var token, ..]) return Unexpected(token, command);
        if (result.Errors.Count == 0) return null;
        if (command is RootCommand root)
            return $"expected a verb: {string.Join(", ", root.Subcommands.Select(verb => verb.Name))} (htensor --help says what they do)";
        return result.Errors[0].Message;
    }

    /// <summary>An option that the command does not have, with the nearest one that it has.</summary>
    private static string UnknownOption(string token, Command command)
    {
        var name = token.Split('=', ':')[0];
        var nearest = OptionNames(command).MinBy(known => EditDistance(name, known));
        var hint = nearest is not null && EditDistance(name, nearest) <= FarthestTypo ? $"; did you mean {nearest}?" : "";
        return $"{command.Name}: unknown option {name}{hint}";
    }

    private static string Unexpected(string token, Command command) => command is RootCommand
        ? $"unknown verb \"{token}\": expected {string.Join(", ", command.Subcommands.Select(verb => verb.Name))}"
        : $"{command.Name}: unexpected argument \"{token}\"";

    // The parser takes an option that it does not know for an argument while the verb has room for one.
    private static IEnumerable<string> Stray(ParseResult result) =>
        result.CommandResult.Children.OfType<ArgumentResult>()
            .SelectMany(argument => argument.Tokens)
            .Select(token => token.Value)
            .Concat(result.UnmatchedTokens);

    private static bool LooksLikeOption(string token) => token.StartsWith('-');

    private static IEnumerable<string> OptionNames(Command command) =>
        command.Options.Concat(command.Parents.OfType<Command>().SelectMany(parent => parent.Options.Where(option => option.Recursive)))
            .Select(option => option.Name)
            .Where(name => name.StartsWith("--", StringComparison.Ordinal));

    private static int EditDistance(string from, string to)
    {
        var row = Enumerable.Range(0, to.Length + 1).ToArray();
        for (var i = 1; i <= from.Length; i++)
        {
            var diagonal = row[0];
            row[0] = i;
            for (var j = 1; j <= to.Length; j++)
            {
                var replaced = diagonal + (from[i - 1] == to[j - 1] ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.Min(replaced, 1 + Math.Min(row[j], row[j - 1]));
            }
        }

        return row[^1];
    }
}
