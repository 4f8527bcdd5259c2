using HTensor.Rnn;

namespace HTensor.Tests.Rnn;

/// <summary>Training inside another program: whose threads it takes, and how it is stopped.</summary>
public sealed class EmbeddedTrainingTests
{
    private static readonly SequenceSet Train = SmallTask.Set(23);

    [Fact]
    public async Task It_runs_on_one_thread_that_is_not_of_the_pool()
    {
        var source = new WatchedSource(Train.Source);
        var threads = new HashSet<int> { 0 };
        var history = await Trainer.FitAsync(SmallTask.Model(), new SequenceSet(source, Train.Samples), null, SmallTask.Options with { MaxThreads = 1 },
            new Told(() => threads.Add(Environment.CurrentManagedThreadId)), TestContext.Current.CancellationToken);
        Assert.Equal(4, history.Epochs.Count);
        Assert.False(source.WasReadByThePool);
        Assert.Equal(2, threads.Count);
        Assert.Equal([threads.Max()], source.Threads);
        Assert.NotEqual(Environment.CurrentManagedThreadId, threads.Max());
    }

    [Fact]
    public async Task It_has_the_bits_of_training_here()
    {
        var (here, there) = (SmallTask.Model(), SmallTask.Model());
        Trainer.Fit(here, Train, null, SmallTask.Options);
        await Trainer.FitAsync(there, Train, null, SmallTask.Options with { MaxThreads = 2 }, cancellation: TestContext.Current.CancellationToken);
        Assert.Equal(here.Parameters.Sha256(), there.Parameters.Sha256());
    }

    [Fact]
    public async Task Cancelled_it_leaves_a_checkpoint_to_go_on_from()
    {
        using var folder = new TempFolder();
        using var reports = new Reports(report => report is { Epoch: 2, Step: 2 });
        var options = SmallTask.Options with { CheckpointPath = folder.File("checkpoint") };
        var task = Trainer.FitAsync(SmallTask.Model(), Train, null, options, reports, reports.Cancellation);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => task);
        Assert.True(task.IsCanceled);
        var (unbroken, resumed) = (SmallTask.Model(), SmallTask.Model());
        Trainer.Fit(unbroken, Train, null, SmallTask.Options);
        await Trainer.FitAsync(resumed, Train, null, options with { ResumeFrom = options.CheckpointPath }, cancellation: TestContext.Current.CancellationToken);
        Assert.Equal(unbroken.Parameters.Sha256(), resumed.Parameters.Sha256());
    }

    [Fact]
    public async Task What_is_wrong_is_thrown_to_who_waits() =>
        Assert.Contains("epochs: expected at least 1", (await Assert.ThrowsAsync<ArgumentException>(() =>
            Trainer.FitAsync(SmallTask.Model(), Train, null, SmallTask.Options with { Epochs = 0 }, cancellation: TestContext.Current.CancellationToken))).Message, StringComparison.Ordinal);

    private sealed class Told(Action act) : IProgress<TrainingProgress>
    {
        public void Report(TrainingProgress value) => act();
    }

    /// <summary>Remembers which threads read it.</summary>
    private sealed class WatchedSource(ISequenceSource source) : ISequenceSource
    {
        public HashSet<int> Threads { get; } = [];

        public bool WasReadByThePool { get; private set; }

        public int Count => source.Count;

        public int Steps => source.Steps;

        public IReadOnlyList<int> FrameShape => source.FrameShape;

        public FrameElement Element => source.Element;

        public int Length(int sample) => source.Length(sample);

        public int Label(int sample) => source.Label(sample);

        public ReadOnlyMemory<byte> Read(int sample, Memory<byte> scratch)
        {
            lock (Threads) Threads.Add(Environment.CurrentManagedThreadId);
            WasReadByThePool |= Thread.CurrentThread.IsThreadPoolThread;
            return source.Read(sample, scratch);
        }
    }
}
