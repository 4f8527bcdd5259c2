using System.CommandLine;

namespace HTensor.Cli;

/// <summary>A verb of the tool, with command lines that show how it is used.</summary>
internal sealed class Verb(string name, string description, params IReadOnlyList<string> examples) : Command(name, description)
{
    /// <summary>Command lines from the verb on, each with a word on what it does behind a #.</summary>
    public IReadOnlyList<string> Examples => examples;
}
