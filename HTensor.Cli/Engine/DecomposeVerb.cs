using System.Diagnostics;
using HTensor.Core;
using HTensor.Kernels;

namespace HTensor.Cli;

/// <summary>The work of <c>decompose</c> and <c>reconstruct</c>.</summary>
internal static class DecomposeVerb
{
    public static void Run(DecomposeRequest request, CommandIo io)
    {
        var format = TensorFormats.Of(request.Format);
        var (truncation, tree) = Request.Check(() =>
        {
            OutputPlace.Require(request.Out);
            var allowed = request.Truncation();
            if (request.Tree is not null && format != TensorFormat.HierarchicalTucker) throw new RequestException($"--tree: expected --format ht, found {request.Format}");
            return (allowed, request.Tree is { } text ? DimensionTree.Parse(text, NpyFile.ReadShape(request.Data).Count) : null);
        });
        using var team = new ThreadTeam(request.Threads ?? Environment.ProcessorCount);
        io.Say($"{request.Data}: {truncation}");
        var clock = Stopwatch.StartNew();
        var tensor = Request.Check(() => DecomposedTensor.Decompose(request.Data, format, truncation, tree, new DecompositionOptions { Team = team }));
        var seconds = clock.Elapsed.TotalSeconds;
        var summary = new TensorSummary(tensor, new TensorSummary.Measured(Request.Check(() => tensor.ErrorAgainst(request.Data, team)), seconds, PeakMemory.Megabytes()));
        tensor.Save(request.Out);
        io.WriteJson(summary.WriteTo);
        summary.Print(io.Console);
        io.Say($"{request.Out} written");
    }

    public static void Reconstruct(ReconstructRequest request, CommandIo io)
    {
        var tensor = Request.Check(() =>
        {
            OutputPlace.Require(request.Out);
            var loaded = DecomposedTensor.Load(request.Tensor);
            return loaded.DenseNumbers * sizeof(double) < long.MaxValue
                ? loaded
                : throw new RequestException($"{request.Tensor}: expected a dense array of fewer than 2^63 bytes, found {loaded.DenseNumbers:G3} numbers");
        });
        tensor.WriteDense(request.Out);
        io.WriteJson(writer =>
        {
            writer.WriteStartObject();
            writer.WriteList("shape", tensor.ModeSizes);
            writer.WriteString("out", request.Out);
            writer.WriteEndObject();
        });
        io.Say($"{Words.Modes(tensor.ModeSizes)}: {request.Out}");
    }
}
