using System.CommandLine;

namespace HTensor.Cli;

/// <summary><c>htensor inspect FILE</c>.</summary>
internal static class InspectCommand
{
    public static Command Create(CommandIo io, IVerbs verbs)
    {
        var file = FileArguments.File("a model, a checkpoint, or any .safetensors, .npz or .npy; a run folder for its best model");
        var svg = Parse.Text("--svg", "S.svg", "of a tensor in a format: draw the singular values of its nodes");
        var command = new Verb("inspect", "What a file holds: of a model or a tensor the dimension tree with its ranks, every core's shape, counts and ratios.",
            "runs/digits",
            "x.safetensors --svg values.svg",
            "digits.safetensors --json",
            "digits.npz  # the arrays of a data file")
        {
            file, svg,
        };
        command.SetAction(result => verbs.Inspect(new InspectRequest(result.GetRequiredValue(file), result.GetValue(svg)), io));
        return command;
    }
}
