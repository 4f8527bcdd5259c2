using System.CommandLine;

namespace HTensor.Cli;

/// <summary><c>htensor presets</c>.</summary>
internal static class PresetsCommand
{
    public static Command Create(CommandIo io, IVerbs verbs)
    {
        var command = new Verb("presets", "Every published setting with its count and ratio, beside the printed one.",
            "", "--json");
        command.SetAction(_ => verbs.Presets(io));
        return command;
    }
}
