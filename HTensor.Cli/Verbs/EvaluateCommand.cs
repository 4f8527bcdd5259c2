using System.CommandLine;

namespace HTensor.Cli;

/// <summary><c>htensor evaluate MODEL DATA.npz</c>.</summary>
internal static class EvaluateCommand
{
    public static Command Create(CommandIo io, IVerbs verbs)
    {
        var model = FileArguments.Model("a model file, or a run folder for its best model");
        var data = FileArguments.Data("sequences in an .npz file");
        var resize =
            Parse.Optional<FrameSize>("--resize", "WxH", "resize frames to width x height", FrameSize.Expected, FrameSize.TryParse);
        var batch = Parse.Integer("--batch", "sequences at a time", 1);
        var threads = Parse.Integer("--threads", "threads, default one a core", 1);
        var command = new Command("evaluate", "The test split's figures and a confusion matrix.") { model, data, resize, batch, threads };
        command.SetAction(result => verbs.Evaluate(
            new EvaluateRequest(result.GetRequiredValue(model), result.GetRequiredValue(data))
            {
                Resize = result.GetValue(resize),
                Batch = result.GetValue(batch),
                Threads = result.GetValue(threads),
            },
            io));
        return command;
    }
}
