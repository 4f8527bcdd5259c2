using System.Diagnostics;
using System.Globalization;
using HTensor.Rnn;
using ModelOptions = HTensor.Rnn.ModelOptions;

// A web server that trains a model in its own process on one thread, logs its epochs, and measures how long its requests take meanwhile: turns
// of requests with the training held between two steps and with it running, one after the other, and the median of each kind.
const int Turns = 7, Requests = 200;

var builder = WebApplication.CreateSlimBuilder(args);
builder.Logging.ClearProviders().AddSimpleConsole(options => options.SingleLine = true).AddFilter("Microsoft", LogLevel.Warning);
builder.WebHost.UseUrls("http://127.0.0.1:0");
await using var app = builder.Build();

var source = new GeneratedVideo(seed: 1, count: 220);
var samples = new SequenceSet(source, Enumerable.Range(0, 200).ToArray());
var served = SequenceClassifier.Create(new ModelOptions
{
    InputModes = [8, 10, 10, 9, 8],
    HiddenModes = [4, 4, 2, 4, 2],
    InputWeights = WeightFormat.HierarchicalTucker(leafRank: 4, innerRank: 5),
    Classes = GeneratedVideo.ClassNames,
});
app.MapGet("/classify/{clip:int}", (int clip) => served.Predict(new SequenceSet(source, new[] { clip }))[0]);
await app.StartAsync();
using var client = new HttpClient { BaseAddress = new Uri(app.Urls.First()) };

using var cancellation = new CancellationTokenSource();
using var watch = new LoggedTraining(app.Logger);
var checkpoint = Path.Combine(Path.GetTempPath(), $"server-{Environment.ProcessId}.safetensors");
var model = SequenceClassifier.Create(served.Options, seed: 2);
var options = new TrainingOptions { Epochs = 1000, MaxThreads = 1, CheckpointPath = checkpoint };
var training = Trainer.FitAsync(model, samples, options: options, progress: watch, cancellation: cancellation.Token);

// Both kinds once before they count: everything is compiled then.
var (alone, meanwhile) = (new double[Turns], new double[Turns]);
for (var turn = -1; turn < Turns; turn++)
{
    watch.Hold();
    var held = await Median(client);
    watch.Run();
    var running = await Median(client);
    if (turn >= 0) (alone[turn], meanwhile[turn]) = (held, running);
}

var steps = watch.Steps;
await cancellation.CancelAsync();
try
{
    await training;
}
catch (OperationCanceledException)
{
    // As asked. What the training had come to is in the checkpoint, which is a model too.
    served = SequenceClassifier.Load(checkpoint);
    File.Delete(checkpoint);
}

Array.Sort(alone);
Array.Sort(meanwhile);
Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
    $"median request {alone[Turns / 2]:F3} ms with the training held, {meanwhile[Turns / 2]:F3} ms while it runs on one thread ({steps} steps): a factor of {meanwhile[Turns / 2] / alone[Turns / 2]:F2} ({Turns} turns of {Requests} requests each)"));
return steps > 20 ? 0 : 1;

static async Task<double> Median(HttpClient client)
{
    var times = new double[Requests];
    for (var i = 0; i < Requests; i++)
    {
        var start = Stopwatch.GetTimestamp();
        using var response = await client.GetAsync(new Uri($"/classify/{200 + i % 20}", UriKind.Relative));
        response.EnsureSuccessStatusCode();
        times[i] = Stopwatch.GetElapsedTime(start).TotalMilliseconds;
    }

    Array.Sort(times);
    return times[Requests / 2];
}

/// <summary>A training's progress in the server's log, an epoch a line. A report comes on the training's own thread, so one that waits holds it.</summary>
sealed file class LoggedTraining(ILogger logger) : IProgress<TrainingProgress>, IDisposable
{
    private static readonly Action<ILogger, int, double, Exception?> Epoch =
        LoggerMessage.Define<int, double>(LogLevel.Information, new EventId(1, "Epoch"), "training: epoch {Epoch}, loss {Loss:F3}");

    private readonly ManualResetEventSlim _runs = new(initialState: false);
    private int _steps;

    public int Steps => Volatile.Read(ref _steps);

    public void Hold() => _runs.Reset();

    public void Run() => _runs.Set();

    public void Report(TrainingProgress value)
    {
        Interlocked.Increment(ref _steps);
        if (value.Completed is { } result && result.Epoch % 5 == 0) Epoch(logger, result.Epoch, result.TrainLoss, null);
        _runs.Wait();
    }

    public void Dispose() => _runs.Dispose();
}
