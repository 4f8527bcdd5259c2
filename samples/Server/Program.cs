using System.Diagnostics;
using System.Globalization;
using HTensor.Rnn;
using ModelOptions = HTensor.Rnn.ModelOptions;

// A web server that trains a model in its own process on one thread, and how long its requests take meanwhile.
const int Requests = 300;

var builder = WebApplication.CreateSlimBuilder(args);
builder.Logging.ClearProviders();
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

await Median(client);
var alone = await Median(client);

using var cancellation = new CancellationTokenSource();
var checkpoint = Path.Combine(Path.GetTempPath(), "server-checkpoint.safetensors");
var (steps, model) = (0, SequenceClassifier.Create(served.Options, seed: 2));
var options = new TrainingOptions { Epochs = 1000, MaxThreads = 1, CheckpointPath = checkpoint };
var training = Trainer.FitAsync(model, samples, options: options, progress: new Progress(() => Interlocked.Increment(ref steps)), cancellation: cancellation.Token);
while (Volatile.Read(ref steps) < 20) await Task.Delay(10);
var before = steps;
var meanwhile = await Median(client);
var during = steps - before;
await cancellation.CancelAsync();
try
{
    await training;
}
catch (OperationCanceledException)
{
    // As asked. What the training had come to is in the checkpoint, which is a model too.
    served = SequenceClassifier.Load(checkpoint);
}

Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
    $"median request {alone:F3} ms alone, {meanwhile:F3} ms while training did {during} steps on one thread: a factor of {meanwhile / alone:F2}"));
return during > 0 ? 0 : 1;

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

sealed file class Progress(Action step) : IProgress<TrainingProgress>
{
    public void Report(TrainingProgress value) => step();
}
