using System.CommandLine;

namespace HTensor.Cli;

/// <summary><c>htensor decompose X.npy --out F.safetensors</c>.</summary>
internal static class DecomposeCommand
{
    public static Command Create(CommandIo io, IVerbs verbs)
    {
        var data = FileArguments.File("a dense array, .npy of float32 or float64; it may be larger than memory");
        var path = new Option<string>("--out") { Description = "the .safetensors file to write", HelpName = "F.safetensors", Required = true };
        var format = Parse.Choice("--format", "ht (hierarchical Tucker, default), tt (tensor train) or tucker", TensorFormats.Names);
        var tolerance = Parse.Real("--tolerance", "error allowed, relative to the norm", "a number of at least 0", x => x >= 0);
        var absolute = Parse.Real("--absolute-tolerance", "error allowed, absolute", "a number of at least 0", x => x >= 0);
        var rank = Parse.Integer("--max-rank", "largest rank, whatever the error", 1);
        var tree = Parse.Text("--tree", "TREE", "ht's dimension tree: balanced (default), linear or \"(((0,1),2),(3,4))\"");
        var threads = Parse.Integer("--threads", "threads, default one a core; the result has the same bits on any number", 1);
        var measure = Parse.Flag("--measure", "measures the error by one more pass over a file of more than a gigabyte too; the bounds hold without");
        var command = new Verb("decompose", "A dense array into a tensor format, to a tolerance or to given ranks, with bounds on the error.",
            "x.npy --tolerance 1e-6 --out x.safetensors",
            "x.npy --format tt --tolerance 1e-3 --max-rank 20 --out x.safetensors --json",
            "x.npy --tree \"((0,1),2)\" --absolute-tolerance 0.5 --out x.safetensors")
        {
            data, path, format, tolerance, absolute, rank, tree, threads, measure,
        };
        command.SetAction(result => verbs.Decompose(
            new DecomposeRequest(result.GetRequiredValue(data), result.GetRequiredValue(path))
            {
                Format = result.GetValue(format) ?? TensorFormats.Names[0],
                Tolerance = result.GetValue(tolerance),
                AbsoluteTolerance = result.GetValue(absolute),
                MaximalRank = result.GetValue(rank),
                Tree = result.GetValue(tree),
                Threads = result.GetValue(threads),
                Measure = result.GetValue(measure),
            },
            io));
        return command;
    }
}
