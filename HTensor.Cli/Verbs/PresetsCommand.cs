using System.CommandLine;

namespace HTensor.Cli;

/// <summary><c>htensor presets</c>.</summary>
internal static class PresetsCommand
{
    public static Command Create(CommandIo io, IVerbs verbs)
    {
        var command = new Command("presets", "Every published setting with its count and ratio, beside the printed one.");
        command.SetAction(_ => verbs.Presets(io));
        return command;
    }
}
