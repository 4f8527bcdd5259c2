using System.CommandLine;

namespace HTensor.Cli;

/// <summary><c>htensor reconstruct F.safetensors --out Y.npy</c>.</summary>
internal static class ReconstructCommand
{
    public static Command Create(CommandIo io, IVerbs verbs)
    {
        var tensor = FileArguments.File("a tensor in a format, as decompose writes it");
        var path = new Option<string>("--out") { Description = "the .npy file to write", HelpName = "Y.npy", Required = true };
        var command = new Verb("reconstruct", "A tensor in a format back to a dense array, slab by slab.",
            "x.safetensors --out y.npy")
        {
            tensor, path,
        };
        command.SetAction(result => verbs.Reconstruct(new ReconstructRequest(result.GetRequiredValue(tensor), result.GetRequiredValue(path)), io));
        return command;
    }
}
