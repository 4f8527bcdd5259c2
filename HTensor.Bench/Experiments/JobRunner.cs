using System.Diagnostics;
using HTensor.Cli;
using HTensor.Rnn;

namespace HTensor.Bench;

/// <summary>Runs a job as <c>htensor train</c> would, on one thread, without a run folder.</summary>
internal sealed class JobRunner(string dataFolder, CancellationToken cancellation)
{
    private readonly Lock _lock = new();

    public ExperimentResult Run(ExperimentJob job)
    {
        var start = Stopwatch.GetTimestamp();
        TrainingJob training;
        // The parser's options are shared, and data files are large: one at a time.
        lock (_lock) training = TrainingJob.Prepare(Requested(job), new DefaultVideo());
        if (job.Initialization.Length > 0) InputInitialization.Apply(job.Initialization, training);
        var counts = training.Model.Counts;
        var result = new ExperimentResult(job) { InputParameters = counts.Input, CellParameters = counts.Cell };
        try
        {
            var history = Trainer.Fit(training.Model, training.Data.Train, training.Data.Validation, training.Options with { MaxThreads = 1 }, cancellation: cancellation);
            var likelihood = training.Model.Options.Task != SequenceTask.Class;
            var test = job.Stage == JobStage.Final ? training.Model.Evaluate(training.Data.Test, 1, cancellation) : null;
            result = result with
            {
                Validation = (likelihood ? history.Epochs.Min(epoch => epoch.ValidationLoss) : history.Epochs[^1].ValidationAccuracy) ?? double.NaN,
                Test = test is null ? double.NaN : likelihood ? test.Loss : test.Accuracy,
                TrainLoss = history.Epochs[^1].TrainLoss,
                WeightsSha256 = training.Model.Parameters.Sha256(),
            };
        }
        catch (TrainingDivergedException exception)
        {
            result = result with { Failure = exception.Message };
        }

        return result with { Seconds = Stopwatch.GetElapsedTime(start).TotalSeconds };
    }

    private TrainRequest Requested(ExperimentJob job)
    {
        var words = Words(job.Arguments);
        var verbs = new RequestedTraining();
        var error = new StringWriter();
        var io = new CommandIo(TextWriter.Null, error, false, false, cancellation);
        if (Tool.Run(["train", Path.Combine(dataFolder, words[0]), .. words.Skip(1)], io, verbs) != 0) throw new InvalidOperationException($"{job.Arguments}: {error}");
        return verbs.Request!;
    }

    /// <summary>The words of a command line; a dimension tree has no blanks.</summary>
    private static string[] Words(string line) => line.Split(' ', StringSplitOptions.RemoveEmptyEntries);
}
