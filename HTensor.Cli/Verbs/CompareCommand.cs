using System.CommandLine;

namespace HTensor.Cli;

/// <summary><c>htensor compare RUN RUN ...</c>.</summary>
internal static class CompareCommand
{
    public static Command Create(CommandIo io, IVerbs verbs)
    {
        var runs = new Argument<string[]>("RUN") { Description = "run folders, two or more", Arity = ArgumentArity.OneOrMore };
        var path = Parse.Text("--out", "PAGE.html", "the page to write, default compare.html");
        var command = new Verb("compare", "Runs side by side in one report: figures, learning curves, the settings that differ.",
            "runs/ht runs/tt runs/dense",
            "runs/ht runs/tt --out formats.html --json")
        {
            runs, path,
        };
        command.SetAction(result => verbs.Compare(new CompareRequest(result.GetRequiredValue(runs), result.GetValue(path) ?? "compare.html"), io));
        return command;
    }
}
