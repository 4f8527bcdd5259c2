using System.CommandLine;

namespace HTensor.Cli;

/// <summary>The root command with its verbs.</summary>
internal static class ToolCommand
{
    public static RootCommand Create(CommandIo io, IVerbs verbs) =>
        new("Recurrent networks in tensor formats: train, evaluate, count, plan.")
    {
        CommonOptions.Json,
        CommonOptions.Verbose,
        TrainCommand.Create(io, verbs),
        EvaluateCommand.Create(io, verbs),
        PresetsCommand.Create(io, verbs),
        PlanCommand.Create(io, verbs),
    };
}
