using HTensor.Rnn;

namespace HTensor.Cli;

/// <summary>The work of <c>evaluate</c>.</summary>
internal static class EvaluateVerb
{
    public static void Run(EvaluateRequest request, DefaultVideo video, CommandIo io)
    {
        var (model, data) = Request.Check(() =>
        {
            var loaded = SequenceClassifier.Load(RunFolder.ResolveModel(request.Model));
            var choice = Choose(request);
            var sequences = choice.Load(video);
            ModelFit.Require(loaded, sequences, choice.Name);
            return (loaded, sequences);
        });
        var evaluation = model.Evaluate(data.Test, request.Threads ?? Environment.ProcessorCount, io.Cancellation);
        var summary = new EvaluateSummary { Count = evaluation.Count, Confusion = ConfusionMatrix.Of(evaluation, model.Options.Classes) };
        io.WriteJson(summary.WriteTo);
        summary.Print(io.Console);
    }

    /// <summary>Without DATA a run folder is judged by what it was trained beside.</summary>
    private static DataChoice Choose(EvaluateRequest request)
    {
        if (request.Data is not null || !Directory.Exists(request.Model)) return new DataChoice(request.Data, request.Resize, request.Seed ?? TrainingJob.DefaultSeed);
        var trained = RequestJson.Read(TrainingConfig.ReadRequest(RunFolder.Open(request.Model).ConfigPath));
        return new DataChoice(trained.Data, request.Resize ?? trained.Resize, request.Seed ?? trained.Seed ?? TrainingJob.DefaultSeed);
    }
}
