using HTensor.Kernels;

namespace HTensor.Rnn;

/// <summary>Trains a <see cref="SequenceClassifier"/>.</summary>
public static class Trainer
{
    /// <summary>
    /// Trains a model in place and leaves it with the weights of its best epoch; where it throws, with those of the last step. Frames are
    /// scaled by what is measured on <paramref name="train"/>. After the first steps a step allocates nothing.
    /// </summary>
    /// <param name="model">The model; its weights are the start.</param>
    /// <param name="train">Samples to train on.</param>
    /// <param name="validation">Samples to choose the best epoch by; null or empty: the last epoch is the best.</param>
    /// <param name="options">How to train.</param>
    /// <param name="progress">Told after every step, on the training thread.</param>
    /// <param name="cancellation">Stops after a step or in a validation; the checkpoint, if one is asked for, is written first.</param>
    /// <exception cref="ArgumentException">Samples, model and options do not fit.</exception>
    /// <exception cref="IOException">The best model or the checkpoint cannot be written; a missing folder is found before the first step.</exception>
    /// <exception cref="FileNotFoundException">There is no checkpoint to resume from.</exception>
    /// <exception cref="InvalidDataException">The checkpoint to resume from is of another model or other options.</exception>
    /// <exception cref="TrainingDivergedException">A loss, gradient or weight is not finite; the message names step and parameter.</exception>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    public static TrainingHistory Fit(SequenceClassifier model, SequenceSet train, SequenceSet? validation = null, TrainingOptions? options = null,
        IProgress<TrainingProgress>? progress = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(train);
        options ??= new TrainingOptions();
        TrainingGuard.Require(model, train, validation, options);
        using var team = new ThreadTeam(options.MaxThreads);
        return new TrainingRun(model, train, validation, options, team).Run(progress, cancellation);
    }

    /// <summary>
    /// <see cref="Fit"/> on a thread of its own, of a priority below normal where the system knows any: no thread of the pool is kept busy, so
    /// that a server's requests are answered meanwhile. Set <see cref="TrainingOptions.MaxThreads"/> to what the server can spare.
    /// </summary>
    /// <param name="model">The model; its weights are the start.</param>
    /// <param name="train">Samples to train on.</param>
    /// <param name="validation">Samples to choose the best epoch by; null or empty: the last epoch is the best.</param>
    /// <param name="options">How to train.</param>
    /// <param name="progress">Told after every step, on the training thread.</param>
    /// <param name="cancellation">Stops after a step or in a validation; the checkpoint, if one is asked for, is written first.</param>
    /// <returns>Ends as <see cref="Fit"/> would: with its result, its exception, or cancelled.</returns>
    public static Task<TrainingHistory> FitAsync(SequenceClassifier model, SequenceSet train, SequenceSet? validation = null, TrainingOptions? options = null,
        IProgress<TrainingProgress>? progress = null, CancellationToken cancellation = default)
    {
        var completion = new TaskCompletionSource<TrainingHistory>(TaskCreationOptions.RunContinuationsAsynchronously);
        var thread = new Thread(() =>
        {
            try
            {
                completion.SetResult(Fit(model, train, validation, options, progress, cancellation));
            }
            catch (OperationCanceledException exception) when (exception.CancellationToken == cancellation)
            {
                completion.SetCanceled(cancellation);
            }
            catch (Exception exception)
            {
                completion.SetException(exception);
            }
        })
        { IsBackground = true, Name = "HTensor training", Priority = ThreadPriority.BelowNormal };
        thread.Start();
        return completion.Task;
    }
}
