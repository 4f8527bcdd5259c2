using System.CommandLine;

namespace HTensor.Cli;

/// <summary>The root command with its verbs.</summary>
internal static class ToolCommand
{
    public static RootCommand Create(CommandIo io, IVerbs verbs)
    {
        var root = new RootCommand("Recurrent networks in tensor formats: train, evaluate, predict, inspect, count, plan, prepare, compare.")
        {
            CommonOptions.Json,
            CommonOptions.Verbose,
            TrainCommand.Create(io, verbs),
            EvaluateCommand.Create(io, verbs),
            PredictCommand.Create(io, verbs),
            InspectCommand.Create(io, verbs),
            PresetsCommand.Create(io, verbs),
            PlanCommand.Create(io, verbs),
            PrepareCommand.Create(io, verbs),
            CompareCommand.Create(io, verbs),
        };
        HelpWithExamples.AddTo(root);
        return root;
    }
}
