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
        var command = new Command("plan", "The contraction plan of a preset, or of given modes and ranks.");
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
