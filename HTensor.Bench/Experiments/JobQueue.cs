using System.Globalization;

namespace HTensor.Bench;

/// <summary>Runs the jobs that their logs do not have yet, several at once, each on one thread, in their order; a result is written as soon as it is there.</summary>
internal sealed class JobQueue(IReadOnlyDictionary<string, ResultLog> logs, JobRunner runner, int workers, TextWriter says)
{
    /// <exception cref="OperationCanceledException">It was stopped; what had ended is in the log.</exception>
    public void Run(IEnumerable<ExperimentJob> jobs)
    {
        var left = new Queue<ExperimentJob>(jobs.DistinctBy(job => job.Key).Where(job => logs[job.Experiment].Find(job) is null));
        if (left.Count == 0) return;
        var (all, done) = (left.Count, 0);
        Exception? failure = null;
        var threads = Enumerable.Range(0, Math.Min(workers, all)).Select(_ => new Thread(Work)).ToList();
        threads.ForEach(thread => thread.Start());
        threads.ForEach(thread => thread.Join());
        if (failure is not null) throw failure is OperationCanceledException ? new OperationCanceledException(failure.Message, failure) : new InvalidOperationException(failure.Message, failure);

        void Work()
        {
            while (Next() is { } job)
            {
                try
                {
                    var result = runner.Run(job);
                    logs[job.Experiment].Add(result);
                    Say(job, result);
                }
                catch (Exception exception)
                {
                    lock (left) failure ??= exception;
                    return;
                }
            }
        }

        ExperimentJob? Next()
        {
            lock (left) return failure is null && left.TryDequeue(out var job) ? job : null;
        }

        void Say(ExperimentJob job, ExperimentResult result)
        {
            lock (left)
            {
                var figure = double.IsFinite(result.Test) ? result.Test : result.Validation;
                says.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{++done}/{all} {job.Experiment} {job.Stage} {job.Row}: {figure:F4} in {result.Seconds:F1} s {result.Failure}"));
            }
        }
    }
}
