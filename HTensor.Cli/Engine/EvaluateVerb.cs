using HTensor.Rnn;

namespace HTensor.Cli;

/// <summary>The work of <c>evaluate</c>.</summary>
internal static class EvaluateVerb
{
    public static void Run(EvaluateRequest request, DefaultVideo video, CommandIo io)
    {
        var (model, data) = Request.Check(() =>
        {
            var loaded = ModelReader.Open(request.Model);
            if (loaded.Options.Task == SequenceTask.States) throw new RequestException($"{request.Model}: expected a model that predicts, found one whose outputs are its states; predict writes them");
            var choice = Choose(request, loaded.Options.Task);
            var sequences = choice.Load(video);
            ModelFit.Require(loaded, sequences, choice.Name);
            return (loaded, sequences);
        });
        var evaluation = model.Evaluate(data.Test, request.Threads ?? Environment.ProcessorCount, io.Cancellation);
        var task = model.Options.Task;
        var summary = new EvaluateSummary
        {
            Count = evaluation.Count,
            Confusion = task == SequenceTask.Class ? ConfusionMatrix.Of(evaluation, model.Options.Classes) : null,
            TestNll = task is SequenceTask.NextNotes or SequenceTask.NextSymbol ? evaluation.Loss : null,
            TestSquaredError = task == SequenceTask.Regression ? evaluation.Loss : null,
        };
        io.WriteJson(summary.WriteTo);
        summary.Print(io.Console);
    }

    /// <summary>What is not said is as the run folder has it: the data that it was trained beside, their size, their seed.</summary>
    private static DataChoice Choose(EvaluateRequest request, SequenceTask task)
    {
        var trained = TrainingConfig.RequestOf(request.Model);
        return new DataChoice(request.Data ?? trained?.Data, request.Resize ?? trained?.Resize, request.Seed ?? trained?.Seed ?? TrainingJob.DefaultSeed, task, trained?.Window, TrainingJob.Streams(trained));
    }
}
