using System.Text.Json;
using HTensor.Rnn;

namespace HTensor.Tests;

/// <summary>
/// A training that is stopped or killed goes on to the same bits. Two hundred SIGKILLs at random moments, some five minutes:
/// <c>dotnet test -c Release -- --explicit only --filter-method "*Two_hundred*"</c>.
/// </summary>
public sealed class SurvivalTests : IDisposable
{
    private const int Kills = 200;

    private readonly TemporaryFolder _folder = new();
    private readonly string _data;

    public SurvivalTests() => _data = TinySequences.Write(_folder.In("data.npz"));

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("INT", 130)]
    [InlineData("TERM", 143)]
    public void A_signal_ends_it_after_saving_and_says_how_to_go_on(string signal, int exitCode)
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "signals of Linux");
        var run = _folder.In("run");
        using var tool = ToolProcess.Start(["train", _data, .. TinySequences.Small, "--epochs", "100000", "--out", run]);
        var metrics = Path.Combine(run, "metrics.jsonl");
        while (!(File.Exists(metrics) && new FileInfo(metrics).Length > 0)) Thread.Sleep(5);
        tool.Signal(signal);
        var ended = tool.End();
        Assert.Equal(exitCode, ended.ExitCode);
        Assert.Matches($"^htensor: interrupted in epoch [0-9]+ of 100000, after step [0-9]+ of 5; htensor train --resume {run} goes on\n$", ended.Error);
        Assert.NotNull(SequenceClassifier.Load(Path.Combine(run, "checkpoint.safetensors")));
    }

    [Fact]
    public void Killed_before_its_first_checkpoint_it_starts_anew()
    {
        var expected = Sha(ToolRun.OfEngine(Train("unbroken")).Output);
        Assert.Equal(0, ToolRun.OfEngine(Train("run")).ExitCode);
        File.Delete(_folder.In("run/checkpoint.safetensors"));
        // As a kill leaves it: half a line, and a file that was being written.
        File.AppendAllText(_folder.In("run/metrics.jsonl"), "{\"epo");
        _folder.WriteFile("run/checkpoint.safetensors.abc.tmp", "half");
        var resumed = ToolRun.OfEngine("train", "--resume", _folder.In("run"), "--json");
        Assert.Equal(expected, Sha(resumed.Output));
        Assert.Contains("no checkpoint yet, starting anew with run", resumed.Error, StringComparison.Ordinal);
        Assert.Equal(6, File.ReadAllLines(_folder.In("run/metrics.jsonl")).Length);
        Assert.Empty(Directory.GetFiles(_folder.In("run"), "*.tmp"));
    }

    [Fact]
    public void A_divergence_names_the_checkpoint_that_is_good()
    {
        // The first epoch of one step leaves weights that are not finite: no checkpoint. With a checkpoint there is one to name.
        var run = ToolRun.OfEngine(["train", _data, .. TinySequences.Small, "--learning-rate", "1e4", "--clip", "0", "--epochs", "4000", "--checkpoint-every", "0", "--out", _folder.In("run")]);
        Assert.Equal(HTensor.Cli.ExitCode.RunFailed, run.ExitCode);
        Assert.Matches($"htensor: step [0-9]+: .*; {_folder.In("run/checkpoint.safetensors")} keeps the last good state\n$", run.Error);
        Assert.NotNull(SequenceClassifier.Load(_folder.In("run/checkpoint.safetensors")));
    }

    [Fact(Explicit = true)]
    public void Two_hundred_kills_at_random_moments()
    {
        var seed = Environment.TickCount;
        var random = new Random(seed);
        var start = TimeProvider.System.GetTimestamp();
        var expected = Sha(End(Train("unbroken")).Output);
        var longest = TimeProvider.System.GetElapsedTime(start);
        var (kills, anew, unstarted) = (0, 0, 0);
        for (var attempt = 0; kills < Kills; attempt++)
        {
            var run = _folder.In($"run{attempt}");
            using (var tool = ToolProcess.Start(Train($"run{attempt}")))
            {
                if (!tool.KillAfter(random.NextDouble() * longest)) continue;
            }

            kills++;
            string[] resume = ["train", "--resume", run, "--json"];
            if (File.Exists(Path.Combine(run, "checkpoint.safetensors"))) Assert.NotNull(SequenceClassifier.Load(Path.Combine(run, "checkpoint.safetensors")));
            else if (File.Exists(Path.Combine(run, "config.json"))) anew++;
            else
            {
                Assert.Equal((2, $"htensor: run {run}: expected config.json, found none\n"), (End(resume).ExitCode, End(resume).Error));
                unstarted++;
                continue;
            }

            var resumed = End(resume);
            Assert.True(resumed.ExitCode == 0, $"seed {seed}, kill {kills}: {resumed.Error}");
            Assert.Equal(expected, Sha(resumed.Output));
            Assert.Equal(6, File.ReadAllLines(Path.Combine(run, "metrics.jsonl")).Length);
        }

        TestContext.Current.TestOutputHelper?.WriteLine(
            $"seed {seed}: {kills} kills, {kills - anew - unstarted} after a checkpoint, {anew} before the first, {unstarted} before the run folder; an unbroken run of {longest.TotalSeconds:F2} s");
    }

    private string[] Train(string run) =>
        ["train", _data, .. TinySequences.Small, "--epochs", "6", "--dropout", "0.2", "--learning-rate", "0.05", "--checkpoint-every", "0", "--json", "--out", _folder.In(run)];

    private static (int ExitCode, string Output, string Error) End(string[] arguments)
    {
        using var tool = ToolProcess.Start(arguments);
        return tool.End();
    }

    private static string Sha(string json)
    {
        using var document = JsonDocument.Parse(json);
        return document.RootElement.GetProperty("weightsSha256").GetString()!;
    }
}
