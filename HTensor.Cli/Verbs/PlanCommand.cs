using System.CommandLine;
using HTensor.Core;

namespace HTensor.Cli;

/// <summary><c>htensor plan</c>.</summary>
internal static class PlanCommand
{
    public static Command Create(CommandIo io, IVerbs verbs)
    {
        var model = new ModelArguments();
        var batch = Parse.Integer("--batch", $"samples of one contraction, default {PlanRequest.DefaultBatch}", 1);
        var objective =
            Parse.Choice("--objective", "time (default): what training runs; multiply-adds: the exact minimum", "time", "multiply-adds");
        var command = new Verb("plan", "The contraction plan of a preset, or of given modes and ranks.",
            "--preset ht-lstm-ucf11",
            "--format tt --rank 4 --input-modes 8,20,20,18 --hidden-modes 4,4,4,4 --objective multiply-adds");
        model.AddTo(command);
        command.Add(batch);
        command.Add(objective);
        command.SetAction(result => verbs.Plan(
            new PlanRequest
            {
                Model = model.Read(result),
                Batch = result.GetValue(batch) ?? PlanRequest.DefaultBatch,
                Objective = result.GetValue(objective) == "multiply-adds" ? PlanObjective.MultiplyAdds : PlanObjective.Time,
            },
            io));
        return command;
    }
}
