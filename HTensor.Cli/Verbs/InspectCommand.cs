using System.CommandLine;

namespace HTensor.Cli;

/// <summary><c>htensor inspect FILE</c>.</summary>
internal static class InspectCommand
{
    public static Command Create(CommandIo io, IVerbs verbs)
    {
        var file = FileArguments.File("a model, a checkpoint, or any .safetensors, .npz or .npy; a run folder for its best model");
        var command = new Verb("inspect", "What a file holds: of a model the dimension tree with its ranks, every core's shape, counts and ratios.",
            "runs/digits",
            "digits.safetensors --json",
            "digits.npz  # the arrays of a data file")
        {
            file,
        };
        command.SetAction(result => verbs.Inspect(result.GetRequiredValue(file), io));
        return command;
    }
}
