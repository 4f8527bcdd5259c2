using HTensor.Core;
using HTensor.Rnn;

namespace HTensor.Cli;

/// <summary>What a training came to, as the tool prints and reports it.</summary>
internal static class TrainingResult
{
    /// <param name="job">What was trained.</param>
    /// <param name="run">Where it was written.</param>
    /// <param name="history">What the trainer says of it.</param>
    /// <param name="test">The best model on the test split; null without one.</param>
    /// <param name="epochs">All epochs, those before a resumption too.</param>
    /// <param name="seconds">From reading the data to the test, of this process.</param>
    public static TrainSummary Summarize(TrainingJob job, RunFolder run, TrainingHistory history, Evaluation? test, IReadOnlyList<EpochMetrics> epochs, double seconds)
    {
        var counts = job.Model.Counts;
        return new TrainSummary
        {
            Format = job.Setting.Format.Name,
            RecurrentFormat = job.Setting.RecurrentFormat,
            InputParameters = counts.Input,
            DenseInputParameters = counts.DenseInput,
            CellParameters = counts.Cell,
            DenseCellParameters = counts.DenseCell,
            ModelParameters = counts.Model,
            Epochs = job.Options.Epochs,
            TrainLoss = epochs.Count > 0 ? epochs[^1].TrainLoss : double.NaN,
            TestAccuracy = job.Model.Options.Task == SequenceTask.Class ? test?.Accuracy : null,
            TestNll = job.Model.Options.Task is SequenceTask.NextNotes or SequenceTask.NextSymbol ? test?.Loss : null,
            TestSquaredError = job.Model.Options.Task == SequenceTask.Regression ? test?.Loss : null,
            SecondsTotal = seconds,
            MillisecondsPerStep = history.MillisecondsPerStep,
            PeakMemoryMegabytes = PeakMemory.Megabytes(),
            Seed = job.Options.Seed,
            Threads = job.Options.MaxThreads,
            WeightsSha256 = job.Model.Parameters.Sha256(),
            Run = run.Path,
        };
    }

    public static RunReport Report(TrainingJob job, TrainSummary summary, TrainingHistory history, Evaluation? test, IReadOnlyList<EpochMetrics> epochs) => new()
    {
        Title = $"{job.Setting.Format.Name}-{job.Setting.Cell.ToString().ToLowerInvariant()} on {job.DataName}",
        Figures = [.. summary.Figures(), new("best epoch", Words.Count(history.BestEpoch))],
        Parameters = summary.Parameters(),
        Epochs = epochs,
        Network = job.Setting.Format is DenseFormat ? null : NetworkDrawing.Draw(job.Setting.Input.Network, (job.Setting.Format as HierarchicalTuckerFormat)?.Tree(job.Setting.Input.Network.Modes.Inputs.Count)),
        Spectra = InputSpectrum.Of(job.Model),
        Clips = test is null || job.Model.Options.Task != SequenceTask.Class ? [] : SampleClips.Choose(job.Model, job.Data, job.Options.MaxThreads),
        Confusion = test is null || job.Model.Options.Task != SequenceTask.Class ? null : ConfusionMatrix.Of(test, job.Data.ClassNames),
        Settings = TrainingConfig.InWords(job),
    };
}
