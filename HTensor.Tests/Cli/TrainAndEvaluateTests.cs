using System.Text.Json;
using HTensor.Cli;
using HTensor.Rnn;

namespace HTensor.Tests;

/// <summary>The verbs <c>train</c> and <c>evaluate</c> over the engine, on data that the tests write.</summary>
public sealed class TrainAndEvaluateTests : IDisposable
{
    private static readonly string[] Keys =
    [
        "format", "recurrentFormat", "inputParameters", "denseInputParameters", "inputCompressionRatio", "cellParameters", "denseCellParameters", "cellCompressionRatio",
        "modelParameters", "epochs", "trainLoss", "testAccuracy", "secondsTotal", "millisecondsPerStep", "peakMemoryMegabytes", "seed", "threads", "weightsSha256", "run",
    ];

    private readonly TemporaryFolder _folder = new();
    private readonly string _data;

    public TrainAndEvaluateTests() => _data = TinySequences.Write(_folder.In("data.npz"));

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_run_learns_and_its_model_evaluates_to_the_same_accuracy()
    {
        var trained = Train("run");
        Assert.Equal(Keys, trained.EnumerateObject().Select(property => property.Name));
        Assert.All(Keys, key => Assert.NotEqual(JsonValueKind.Null, trained.GetProperty(key).ValueKind));
        var accuracy = trained.GetProperty("testAccuracy").GetDouble();
        Assert.InRange(accuracy, 0.8, 1);
        foreach (string[] what in (string[][])[[_folder.In("run")], [_folder.In("run"), _data], [_folder.In("run/model.safetensors"), _data, "--threads", "2"]])
        {
            var evaluated = Json(ToolRun.OfEngine(["evaluate", .. what, "--json"]));
            Assert.Equal((accuracy, 15), (evaluated.GetProperty("testAccuracy").GetDouble(), evaluated.GetProperty("count").GetInt32()));
            Assert.Equal(15, evaluated.GetProperty("confusion").EnumerateArray().Sum(row => row.EnumerateArray().Sum(count => count.GetInt32())));
        }

        Assert.Equal(SequenceClassifier.Load(_folder.In("run/model.safetensors")).Parameters.Sha256(), Text(trained, "weightsSha256"));
    }

    [Fact]
    public void The_run_folder_says_all()
    {
        Train("run", "--resize", "8x6", "--dropout", "0.25");
        var files = Directory.GetFiles(_folder.In("run")).Select(Path.GetFileName).Order();
        Assert.Equal(["checkpoint.safetensors", "config.json", "metrics.jsonl", "model.safetensors", "report.html", "result.json"], files);
        Assert.Equal(4, File.ReadLines(_folder.In("run/metrics.jsonl")).Count());
        Assert.Contains("Confusion matrix", File.ReadAllText(_folder.In("run/report.html")));
        using var config = JsonDocument.Parse(File.ReadAllText(_folder.In("run/config.json")));
        var resolved = config.RootElement.GetProperty("resolved");
        Assert.Equal("[6,8]", JsonText.Of(resolved.GetProperty("frame").WriteTo));
        Assert.Equal((0.25, 5, 100), (resolved.GetProperty("dropout").GetDouble(), resolved.GetProperty("clip").GetDouble(), resolved.GetProperty("warmupSteps").GetInt32()));
        Assert.Equal((39, 6, 15), (resolved.GetProperty("trainSamples").GetInt32(), resolved.GetProperty("validationSamples").GetInt32(), resolved.GetProperty("testSamples").GetInt32()));
        Assert.NotEqual(0, resolved.GetProperty("plan").GetArrayLength());

        // The size of frames is the run's, whichever data of it are judged.
        Assert.Equal(ToolRun.OfEngine("evaluate", _folder.In("run"), "--json").Output, ToolRun.OfEngine("evaluate", _folder.In("run"), _data, "--json").Output);
        ToolRun.OfEngine("evaluate", _folder.In("run/model.safetensors"), _data).RequireRefusal();
    }

    [Fact]
    public void The_result_does_not_depend_on_the_threads_but_on_the_seed()
    {
        var one = Train("one", "--threads", "1", "--dropout", "0.2");
        Assert.Equal(Text(one, "weightsSha256"), Text(Train("two", "--threads", "2", "--dropout", "0.2"), "weightsSha256"));
        Assert.NotEqual(Text(one, "weightsSha256"), Text(Train("other", "--seed", "2", "--dropout", "0.2"), "weightsSha256"));
    }

    [Theory]
    [InlineData("epoch 2/4 loss", "in epoch 2 of 4, after step 1 of 5")]
    [InlineData("epoch 1/4:", "in epoch 1 of 4, after step 5 of 5")]
    [InlineData("run ", "before its first step")]
    public void A_run_that_was_interrupted_goes_on_to_the_same_weights(string interruptedAt, string where)
    {
        string[] options = [.. TinySequences.Learning, "--dropout", "0.2"];
        var unbroken = Train("unbroken", "--dropout", "0.2");
        var interrupted = ToolRun.InterruptedAt(interruptedAt, ["train", _data, .. options, "--out", _folder.In("run")]);
        Assert.Equal(ExitCode.Interrupted, interrupted.ExitCode);
        Assert.Equal($"htensor: interrupted {where}; htensor train --resume {_folder.In("run")} goes on", interrupted.Error.TrimEnd());
        var resumed = Json(ToolRun.OfEngine("train", "--resume", _folder.In("run"), "--threads", "1", "--json"));
        Assert.Equal(Text(unbroken, "weightsSha256"), Text(resumed, "weightsSha256"));
        Assert.Equal(unbroken.GetProperty("trainLoss").GetDouble(), resumed.GetProperty("trainLoss").GetDouble());
        Assert.Equal(Epochs("unbroken"), Epochs("run"));

        // A run that is done has nothing left to do, and says the same again.
        var again = Json(ToolRun.OfEngine("train", _data, "--resume", _folder.In("run"), "--epochs", "4", "--json"));
        Assert.Equal(Text(unbroken, "weightsSha256"), Text(again, "weightsSha256"));
        Assert.Equal(unbroken.GetProperty("testAccuracy").GetDouble(), again.GetProperty("testAccuracy").GetDouble());
    }

    [Theory]
    [InlineData("--epochs: expected 4, as run ", "--epochs", "5")]
    [InlineData("--format: expected none, as run ", "--format", "tt")]
    [InlineData("--out ", "--out", "elsewhere")]
    public void A_resumed_run_cannot_be_made_another(string expected, params string[] options)
    {
        Train("run");
        Assert.StartsWith("htensor: " + expected, ToolRun.OfEngine(["train", "--resume", _folder.In("run"), .. options]).RequireRefusal());
    }

    [Fact]
    public void A_loss_that_is_not_finite_is_a_failed_run()
    {
        var run = ToolRun.OfEngine(["train", _data, .. TinySequences.Small, "--learning-rate", "1e30", "--json", "--out", _folder.In("run")]);
        Assert.Equal((ExitCode.RunFailed, ""), (run.ExitCode, run.Output));
        Assert.Matches("\nhtensor: step [0-9]+: loss is NaN; .*\n$", run.Error);
    }

    [Fact]
    public void Without_data_there_is_generated_video()
    {
        var video = new DefaultVideo { TrainClips = 44, TestClips = 22, Training = new TrainingOptions { Epochs = 1 } };
        var trained = Json(ToolRun.OfEngine(video, "train", "--seed", "3", "--validation", "0.25", "--json", "--out", _folder.In("run")));
        Assert.Equal((1245, 1), (trained.GetProperty("inputParameters").GetInt32(), trained.GetProperty("epochs").GetInt32()));
        foreach (string[] model in (string[][])[[_folder.In("run")], [_folder.In("run/model.safetensors"), "--seed", "3"]])
        {
            var evaluated = Json(ToolRun.OfEngine(video, ["evaluate", .. model, "--json"]));
            Assert.Equal(trained.GetProperty("testAccuracy").GetDouble(), evaluated.GetProperty("testAccuracy").GetDouble());
            Assert.Equal(22, evaluated.GetProperty("count").GetInt32());
        }
    }

    [Theory]
    [InlineData("ht", "--recurrent-format", "ht", "--recurrent-dropout", "0.1")]
    [InlineData("joint", "--joint", "--cell", "gru", "--reset", "after")]
    [InlineData("dense", "--cell", "rnn", "--layers", "2", "--bidirectional", "--readout", "step", "--front", "24")]
    public void Every_structure_is_trained_and_evaluated(string recurrent, params string[] options)
    {
        var trained = Train("run", options);
        Assert.Equal(recurrent, Text(trained, "recurrentFormat"));
        Assert.InRange(trained.GetProperty("testAccuracy").GetDouble(), 0.6, 1);
        var evaluated = Json(ToolRun.OfEngine("evaluate", _folder.In("run"), "--json"));
        Assert.Equal(trained.GetProperty("testAccuracy").GetDouble(), evaluated.GetProperty("testAccuracy").GetDouble());
        var interrupted = ToolRun.InterruptedAt("epoch 2/4 loss", ["train", _data, .. TinySequences.Learning, .. options, "--out", _folder.In("broken")]);
        Assert.Equal(ExitCode.Interrupted, interrupted.ExitCode);
        Assert.Equal(Text(trained, "weightsSha256"), Text(Json(ToolRun.OfEngine("train", "--resume", _folder.In("broken"), "--json")), "weightsSha256"));
    }

    [Theory]
    [InlineData("next-notes", "testNll")]
    [InlineData("next-symbol", "testNll")]
    [InlineData("regression", "testSquaredError")]
    public void Every_task_has_its_figure(string task, string key)
    {
        var data = TinySequences.WriteTask(_folder.In($"{task}.npz"), task);
        var trained = Json(ToolRun.OfEngine("train", data, "--task", task, "--format", "dense", "--hidden", "16", "--epochs", "3", "--json", "--out", _folder.In("run")));
        var figure = trained.GetProperty(key).GetDouble();
        Assert.False(trained.TryGetProperty("testAccuracy", out _));
        var evaluated = Json(ToolRun.OfEngine("evaluate", _folder.In("run"), "--json"));
        Assert.Equal(figure, evaluated.GetProperty(key).GetDouble());
        ToolRun.OfEngine("evaluate", _folder.In("run/model.safetensors"), _data).RequireRefusal();
        ToolRun.OfEngine("train", _data, "--task", task, "--out", _folder.In("other")).RequireRefusal();
        Assert.StartsWith($"htensor: DATA: expected a file for --task {task}", ToolRun.OfEngine("train", "--task", task).RequireRefusal());
    }

    [Theory]
    [InlineData("--window", "8")]
    [InlineData("--truncate-steps", "8")]
    public void Symbols_are_read_in_windows_or_in_streams(string option, string steps)
    {
        var data = TinySequences.WriteTask(_folder.In("text.npz"), "next-symbol");
        string[] train = ["train", data, "--task", "next-symbol", "--format", "dense", "--hidden", "16", "--layers", "2", option, steps, "--batch", "2", "--epochs", "4", "--learning-rate", "0.02"];
        var trained = Json(ToolRun.OfEngine([.. train, "--json", "--out", _folder.In("run")]));
        Assert.InRange(trained.GetProperty("testNll").GetDouble(), 0, 0.5);
        var evaluated = Json(ToolRun.OfEngine("evaluate", _folder.In("run"), "--json"));
        Assert.Equal((trained.GetProperty("testNll").GetDouble(), 49), (evaluated.GetProperty("testNll").GetDouble(), evaluated.GetProperty("count").GetInt32()));
        var interrupted = ToolRun.InterruptedAt("epoch 2/4 loss", [.. train, "--out", _folder.In("broken")]);
        Assert.Contains("in epoch 2 of 4, after step 1 of 13;", interrupted.Error, StringComparison.Ordinal);
        Assert.Equal(Text(trained, "weightsSha256"), Text(Json(ToolRun.OfEngine("train", "--resume", _folder.In("broken"), "--json")), "weightsSha256"));
    }

    [Fact]
    public void A_run_starts_from_the_weights_of_another()
    {
        var first = Train("first", "--cell", "gru", "--recurrent-format", "tt");
        string[] again = ["train", _data, "--init", _folder.In("first"), "--epochs", "2", "--batch", "8"];
        var trained = Json(ToolRun.OfEngine([.. again, "--json", "--out", _folder.In("second")]));
        Assert.Equal(("tt", first.GetProperty("modelParameters").GetInt64()), (Text(trained, "recurrentFormat"), trained.GetProperty("modelParameters").GetInt64()));
        Assert.True(Epochs("second")[0].TrainLoss < Epochs("first")[1].TrainLoss);

        // The same model, said with its options too; another run goes on after what it was started from is gone.
        string[] options = [.. TinySequences.Small, "--cell", "gru", "--recurrent-format", "tt"];
        var said = Json(ToolRun.OfEngine(["train", _data, .. options, "--init", _folder.In("first/model.safetensors"), "--epochs", "2", "--json", "--out", _folder.In("third")]));
        Assert.Equal(Text(trained, "weightsSha256"), Text(said, "weightsSha256"));
        Assert.Equal(ExitCode.Interrupted, ToolRun.InterruptedAt("epoch 2/2 loss", [.. again, "--out", _folder.In("broken")]).ExitCode);
        Directory.Delete(_folder.In("first"), recursive: true);
        Assert.Equal(Text(trained, "weightsSha256"), Text(Json(ToolRun.OfEngine("train", "--resume", _folder.In("broken"), "--json")), "weightsSha256"));
    }

    private JsonElement Train(string run, params string[] options) =>
        Json(ToolRun.OfEngine(["train", _data, .. TinySequences.Learning, .. options, "--json", "--out", _folder.In(run)]));

    private EpochMetrics[] Epochs(string run) =>
        [.. File.ReadLines(_folder.In($"{run}/metrics.jsonl")).Select(line => MetricsLine.Read(line, run) with { Seconds = 0 })];

    private static JsonElement Json(ToolRun run)
    {
        Assert.True(run.ExitCode == 0, run.Error);
        using var json = JsonDocument.Parse(run.Output);
        return json.RootElement.Clone();
    }

    private static string Text(JsonElement json, string key) => json.GetProperty(key).GetString()!;
}
