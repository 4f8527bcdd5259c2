using System.CommandLine;

namespace HTensor.Cli;

/// <summary><c>htensor predict MODEL DATA.npz --out P.npy</c>.</summary>
internal static class PredictCommand
{
    public static Command Create(CommandIo io, IVerbs verbs)
    {
        var model = FileArguments.Model(ModelReader.Kinds);
        var data = FileArguments.Data($"sequences: {DataFiles.Kinds}; of arrays x alone is enough");
        var path = new Option<string>("--out") { Description = "the .npy file to write: a row a sequence of x, in its order", HelpName = "P.npy", Required = true };
        var resize = Parse.Optional<FrameSize>("--resize", "WxH", "resize frames to width x height, default as the run's", FrameSize.Expected, FrameSize.TryParse);
        var threads = Parse.Integer("--threads", "threads, default one a core", 1);
        var import = new ImportArguments();
        var command = new Verb("predict", "Class probabilities of every sequence of a file; the states of a recurrent layer without a head.",
            "runs/digits new.npz --out probabilities.npy",
            "digits.safetensors new.npz --out probabilities.npy --json",
            "pytorch.safetensors new.npz --node encoder.lstm --out states.npy")
        {
            model, data, path, resize, threads,
        };
        import.AddTo(command);
        command.SetAction(result => verbs.Predict(
            new PredictRequest(result.GetRequiredValue(model), result.GetRequiredValue(data), result.GetRequiredValue(path))
            {
                Resize = result.GetValue(resize),
                Import = import.Read(result),
                Threads = result.GetValue(threads),
            },
            io));
        return command;
    }
}
