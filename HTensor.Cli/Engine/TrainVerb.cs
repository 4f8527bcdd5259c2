using HTensor.Rnn;

namespace HTensor.Cli;

/// <summary>The work of <c>train</c>: prepare, train, judge, write down.</summary>
internal sealed class TrainVerb(CommandIo io, TimeProvider clock, DefaultVideo video)
{
    public void Run(TrainRequest request)
    {
        var start = clock.GetTimestamp();
        var (job, run) = request.Resume is { } path ? Resumed(request, path) : Started(request);
        Announce(job, run);
        var history = Fit(job, run);
        var test = Test(job, run);
        var epochs = run.ReadMetrics();
        var summary = TrainingResult.Summarize(job, run, history, test, epochs, clock.GetElapsedTime(start).TotalSeconds);
        run.WriteReport(HtmlReport.Write(TrainingResult.Report(job, summary, history, test, epochs)));
        run.WriteResult(JsonText.Of(summary.WriteTo));
        io.WriteJson(summary.WriteTo);
        summary.Print(io.Console);
        io.Say($"best model (epoch {history.BestEpoch}): {run.ModelPath}");
        io.Say($"report: {run.ReportPath}");
    }

    private (TrainingJob Job, RunFolder Run) Started(TrainRequest request)
    {
        // A resumed run may be started from another folder.
        var named = request with { Data = Full(request.Data), Init = Full(request.Init) };
        var job = TrainingJob.Prepare(named, video);
        var run = RunFolder.Create(request.Out, clock);
        run.WriteConfig(writer => TrainingConfig.Write(writer, job));
        return (job, run);
    }

    private (TrainingJob Job, RunFolder Run) Resumed(TrainRequest request, string path)
    {
        var run = RunFolder.Open(path);
        var started = Request.Check(() => ResumedRequest.Of(request with { Data = Full(request.Data), Init = Full(request.Init) }, run));
        // What it was started from may be gone; the checkpoint has all.
        return (TrainingJob.Prepare(started.Init is not null && run.HasCheckpoint ? started with { Init = run.CheckpointPath } : started, video), run);
    }

    private static string? Full(string? path) => path is null ? null : Path.GetFullPath(path);

    private void Announce(TrainingJob job, RunFolder run)
    {
        foreach (var value in TrainingConfig.InWords(job).Take(3)) io.Say($"{value.Name}: {value.Value}");
        var (setting, counts) = (job.Setting, job.Model.Counts);
        io.Say($"{setting.Cell.ToString().ToLowerInvariant()} over {setting.Format.Name} ({setting.Format.Settings})");
        io.Say($"input matrix {setting.Input.Network.Modes}");
        io.Say($"input matrix of {Words.Count(counts.Input)} parameters, dense {Words.Count(counts.DenseInput)}; model {Words.Count(counts.Model)}");
        io.Say($"{(job.Asked.Resume is null ? "run" : run.HasCheckpoint ? "going on with run" : "no checkpoint yet, starting anew with run")} {run.Path}");
    }

    private TrainingHistory Fit(TrainingJob job, RunFolder run)
    {
        var options = job.Options with
        {
            BestModelPath = run.ModelPath,
            CheckpointPath = run.CheckpointPath,
            ResumeFrom = job.Asked.Resume is not null && run.HasCheckpoint ? run.CheckpointPath : null,
        };
        TrainingMonitor? monitor = null;
        try
        {
            return TrainingDisplay.Run(io, clock, display =>
            {
                monitor = new TrainingMonitor(display, run);
                return Trainer.Fit(job.Model, job.Data.Train, job.Data.Validation, options, monitor, io.Cancellation);
            });
        }
        catch (OperationCanceledException exception)
        {
            throw Interrupted(monitor?.Last ?? default, run, exception);
        }
        catch (TrainingDivergedException exception) when (run.HasCheckpoint)
        {
            throw new TrainingDivergedException($"{exception.Message}; {run.CheckpointPath} keeps the last good state", exception);
        }
    }

    private Evaluation? Test(TrainingJob job, RunFolder run)
    {
        try
        {
            return job.Data.TestIndices.Length > 0 ? job.Model.Evaluate(job.Data.Test, job.Options.MaxThreads, io.Cancellation) : null;
        }
        catch (OperationCanceledException exception)
        {
            throw new InterruptedException($"interrupted in the test, after training; htensor evaluate {run.Path} judges the model", exception);
        }
    }

    private static InterruptedException Interrupted(in StepProgress last, RunFolder run, OperationCanceledException cause)
    {
        var where = last.Total == 0 ? "before its first step" : $"in epoch {last.Epoch} of {last.Epochs}, after step {last.Step} of {last.Steps}";
        return new InterruptedException($"interrupted {where}; htensor train --resume {run.Path} goes on", cause);
    }
}
