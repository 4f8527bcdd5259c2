using System.CommandLine;

namespace HTensor.Cli;

/// <summary>The root command with its verbs.</summary>
internal static class ToolCommand
{
    public static RootCommand Create(CommandIo io, IVerbs verbs)
    {
        var root = new RootCommand("Recurrent networks in tensor formats, and tensors themselves: train, evaluate, predict, compress, export, inspect, decompose.")
        {
            CommonOptions.Json,
            CommonOptions.Verbose,
            TrainCommand.Create(io, verbs),
            EvaluateCommand.Create(io, verbs),
            PredictCommand.Create(io, verbs),
            CompressCommand.Create(io, verbs),
            InspectCommand.Create(io, verbs),
            PresetsCommand.Create(io, verbs),
            PlanCommand.Create(io, verbs),
            DecomposeCommand.Create(io, verbs),
            ReconstructCommand.Create(io, verbs),
            ExportCommand.Create(io, verbs),
            PrepareCommand.Create(io, verbs),
            CompareCommand.Create(io, verbs),
        };
        HelpWithExamples.AddTo(root);
        return root;
    }
}
