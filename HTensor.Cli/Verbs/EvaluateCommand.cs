using System.CommandLine;

namespace HTensor.Cli;

/// <summary><c>htensor evaluate MODEL [DATA.npz]</c>.</summary>
internal static class EvaluateCommand
{
    public static Command Create(CommandIo io, IVerbs verbs)
    {
        var model = FileArguments.Model("a model file, or a run folder for its best model");
        var data = FileArguments.OptionalData($"sequences: {DataFiles.Kinds}; left out: the run folder's own data, for a model file the generated video");
        var resize =
            Parse.Optional<FrameSize>("--resize", "WxH", "resize frames to width x height", FrameSize.Expected, FrameSize.TryParse);
        var seed = CommonOptions.Seed("of the generated video, default the run folder's, else 1");
        var threads = Parse.Integer("--threads", "threads, default one a core", 1);
        var command = new Verb("evaluate", "The test split's figures and a confusion matrix.",
            "runs/digits  # the run's best model on the run's own data",
            "digits.safetensors digits.npz --resize 160x120 --json")
        {
            model, data, resize, seed, threads,
        };
        command.SetAction(result => verbs.Evaluate(
            new EvaluateRequest(result.GetRequiredValue(model), result.GetValue(data))
            {
                Resize = result.GetValue(resize),
                Seed = result.GetValue(seed),
                Threads = result.GetValue(threads),
            },
            io));
        return command;
    }
}
