using System.Diagnostics;
using HTensor.Rnn;

namespace HTensor.Cli;

/// <summary>The work of <c>compress</c>.</summary>
internal static class CompressVerb
{
    public static readonly string[] Names = ["ht", "tt", "tr", "bt", "tucker", "cp", "lowrank"];

    public static void Run(CompressRequest request, CommandIo io)
    {
        var start = Stopwatch.GetTimestamp();
        var (model, report) = Request.Check(() =>
        {
            OutputPlace.Require(request.Out);
            var goal = Goal(request);
            var dense = ModelReader.Open(request.Model, request.Import);
            return Compressor.Compress(dense, Options(request, goal, dense), io.Cancellation);
        });
        model.Save(request.Out);
        var summary = new CompressionSummary(model, report, Stopwatch.GetElapsedTime(start).TotalSeconds, request.Out);
        io.WriteJson(summary.WriteTo);
        summary.Print(io.Console);
    }

    private static CompressionGoal Goal(CompressRequest request)
    {
        (string Name, CompressionGoal? Goal)[] goals =
        [
            ("--tolerance", request.Tolerance is { } tolerance ? CompressionGoal.Tolerance(tolerance) : null),
            ("--ratio", request.Ratio is { } ratio ? CompressionGoal.Ratio(ratio) : null),
            ("--rank", request.Rank is { } rank ? CompressionGoal.Rank(rank) : null),
            ("--parameters", request.Parameters is { } count ? CompressionGoal.Parameters(count) : null),
        ];
        var given = goals.Where(goal => goal.Goal is not null).ToArray();
        return given is [var one]
            ? one.Goal!
            : throw new RequestException($"compress: expected one of {string.Join(", ", goals.Select(goal => goal.Name))}, found {(given.Length == 0 ? "none" : string.Join(" and ", given.Select(goal => goal.Name)))}");
    }

    private static CompressionOptions Options(CompressRequest request, CompressionGoal goal, SequenceClassifier model)
    {
        if (request is { Joint: true, RecurrentFormat: { } other }) throw new RequestException($"--recurrent-format {other}: expected none beside --joint, which compresses both matrices as one");
        return new CompressionOptions
        {
            Format = Format(request.Format),
            RecurrentFormat = request.RecurrentFormat is { } name and not "dense" ? Format(name) : null,
            Coupling = request.Joint ? WeightCoupling.Joint : WeightCoupling.Separate,
            Goal = goal,
            InputModes = request.InputModes?.Sizes,
            HiddenModes = request.HiddenModes?.Sizes,
            Tree = request.Tree ?? "balanced",
            Blocks = request.Blocks ?? 2,
            Calibration = request.Calibrate is { } path ? Samples(path, request, model) : null,
        };
    }

    /// <summary>The training samples of a data set; all sequences of a file that is none.</summary>
    private static SequenceSet Samples(string path, CompressRequest request, SequenceClassifier model)
    {
        if (!Path.Exists(path)) throw new RequestException($"--calibrate {path}: expected a file or folder, found nothing");
        var trained = TrainingConfig.RequestOf(request.Model);
        var choice = new DataChoice(path, request.Resize ?? trained?.Resize, trained?.Seed ?? TrainingJob.DefaultSeed, model.Options.Task, trained?.Window);
        var samples = Train(choice) ?? choice.LoadSource() switch { var source => new SequenceSet(source, Enumerable.Range(0, source.Count).ToArray()) };
        ModelFit.RequireFrames(model, samples.Source, choice.Name);
        return samples;
    }

    private static SequenceSet? Train(DataChoice choice)
    {
        try
        {
            return choice.Load(new DefaultVideo()).Train;
        }
        catch (InvalidDataException)
        {
            return null;
        }
    }

    private static CompressedFormat Format(string name) => name switch
    {
        "ht" => CompressedFormat.HierarchicalTucker,
        "tt" => CompressedFormat.TensorTrain,
        "tr" => CompressedFormat.TensorRing,
        "bt" => CompressedFormat.BlockTerm,
        "tucker" => CompressedFormat.Tucker,
        "cp" => CompressedFormat.CanonicalPolyadic,
        "lowrank" => CompressedFormat.LowRank,
        _ => throw new UnreachableException(name),
    };
}
