using System.Diagnostics;
using HTensor.Core;
using HTensor.Kernels;

namespace HTensor.Cli;

/// <summary>The work of <c>decompose</c> and <c>reconstruct</c>.</summary>
internal static class DecomposeVerb
{
    /// <summary>Elements of a file that is not read a fourth time to measure an error whose bounds rest on every element already.</summary>
    private const double LongFile = 1 << 27;

    private const double MostPasses = 3.5;

    public static void Run(DecomposeRequest request, CommandIo io, TimeProvider clock)
    {
        var format = TensorFormats.Of(request.Format);
        var (truncation, tree, length) = Request.Check(() =>
        {
            OutputPlace.Require(request.Out);
            var allowed = request.Truncation();
            if (request.Tree is not null && format != TensorFormat.HierarchicalTucker) throw new RequestException($"--tree: expected --format ht, found {request.Format}");
            var shape = NpyFile.ReadShape(request.Data);
            return (allowed, request.Tree is { } text ? DimensionTree.Parse(text, shape.Count) : null, shape.Aggregate(1.0, (product, size) => product * size));
        });
        using var team = new ThreadTeam(request.Threads ?? Environment.ProcessorCount);
        io.Say($"{request.Data}: {truncation}");
        var (tensor, measured) = PassProgress.Run(io, clock, Path.GetFileName(request.Data), length, progress =>
        {
            var start = Stopwatch.GetTimestamp();
            var options = new DecompositionOptions { Team = team, Cancellation = io.Cancellation, ElementsRead = progress };
            var made = Request.Check(() => DecomposedTensor.Decompose(request.Data, format, truncation, tree, options));
            var seconds = Stopwatch.GetElapsedTime(start).TotalSeconds;
            double? error = request.Measure || length < LongFile || progress.Passes + 1 < MostPasses ? Request.Check(() => made.ErrorAgainst(request.Data, options)) : null;
            return (made, new TensorSummary.Measured(error, seconds, PeakMemory.Megabytes()));
        });
        var summary = new TensorSummary(tensor, measured);
        tensor.Save(request.Out);
        io.WriteJson(summary.WriteTo);
        summary.Print(io.Console);
        io.Say($"{request.Out} written");
    }

    public static void Reconstruct(ReconstructRequest request, CommandIo io, TimeProvider clock)
    {
        var tensor = Request.Check(() =>
        {
            OutputPlace.Require(request.Out);
            var loaded = DecomposedTensor.Load(request.Tensor);
            return loaded.DenseNumbers * sizeof(double) < long.MaxValue
                ? loaded
                : throw new RequestException($"{request.Tensor}: expected a dense array of fewer than 2^63 bytes, found {loaded.DenseNumbers:G3} numbers");
        });
        PassProgress.Run(io, clock, Path.GetFileName(request.Out), tensor.DenseNumbers, progress =>
        {
            tensor.WriteDense(request.Out, new DecompositionOptions { Cancellation = io.Cancellation, ElementsRead = progress });
            return true;
        });
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
