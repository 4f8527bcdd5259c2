using HTensor.Cli;

namespace HTensor.Tests;

public sealed class RunFolderTests
{
    private static readonly EpochMetrics[] Epochs = [new(1, 2.25, 1.5, 0.5, 3), new(2, 1.125, null, null, 2.5), new(3, 0.5, 0.25, 1, 2.75)];

    [Fact]
    public void Metrics_come_back_as_they_were_written()
    {
        using var parent = new TemporaryFolder();
        var run = RunFolder.Create(parent.In("a/b"), TimeProvider.System);
        foreach (var epoch in Epochs) run.AppendMetrics(epoch);
        Assert.Equal(Epochs, run.ReadMetrics());
        Assert.Equal("""{"epoch":2,"trainLoss":1.125,"validationLoss":null,"validationAccuracy":null,"seconds":2.5}""", File.ReadAllLines(run.MetricsPath)[1]);
        run.KeepMetrics(lastEpoch: 2);
        Assert.Equal(Epochs[..2], run.ReadMetrics());
    }

    [Fact]
    public void A_broken_line_of_metrics_is_named()
    {
        using var parent = new TemporaryFolder();
        var run = RunFolder.Create(parent.In("run"), TimeProvider.System);
        File.WriteAllText(run.MetricsPath, MetricsLine.Write(Epochs[0]) + "\n{\"epoch\":2}\n");
        Assert.Contains("metrics.jsonl, line 2", Assert.Throws<InvalidDataException>(() => run.ReadMetrics()).Message);
    }

    [Fact]
    public void A_new_run_replaces_the_files_of_an_earlier_one()
    {
        using var parent = new TemporaryFolder();
        var first = RunFolder.Create(parent.In("run"), TimeProvider.System);
        first.AppendMetrics(Epochs[0]);
        first.WriteConfig(writer => writer.WriteNullValue());
        File.WriteAllText(first.CheckpointPath, "old");
        var second = RunFolder.Create(parent.In("run"), TimeProvider.System);
        Assert.Empty(second.ReadMetrics());
        Assert.Equal([second.MetricsPath], Directory.GetFiles(second.Path));
    }

    [Fact]
    public void A_place_that_cannot_be_written_is_a_wrong_request()
    {
        using var parent = new TemporaryFolder();
        var file = parent.WriteFile("file");
        Assert.Contains("--out", Assert.Throws<RequestException>(() => RunFolder.Create(Path.Combine(file, "run"), TimeProvider.System)).Message);
        Assert.Throws<RequestException>(() => RunFolder.Create(file, TimeProvider.System));
        Directory.CreateDirectory(parent.In("taken/model.safetensors"));
        Assert.Throws<RequestException>(() => RunFolder.Create(parent.In("taken"), TimeProvider.System));
        Assert.Throws<RequestException>(() => RunFolder.Create("", TimeProvider.System));
    }

    [Fact]
    public void A_folder_without_a_run_cannot_be_opened_or_evaluated()
    {
        using var folder = new TemporaryFolder();
        Assert.Contains("expected config.json, found none", Assert.Throws<RequestException>(() => RunFolder.Open(folder.Path)).Message);
        folder.WriteFile("config.json", "{}");
        Assert.False(RunFolder.Open(folder.Path).HasCheckpoint);
        Assert.Contains("expected model.safetensors, found none", Assert.Throws<RequestException>(() => RunFolder.ResolveModel(folder.Path)).Message);
        var model = folder.WriteFile("model.safetensors");
        Assert.Equal(model, RunFolder.ResolveModel(folder.Path));
        Assert.Equal(model, RunFolder.ResolveModel(model));
    }

    [Fact]
    public void Peak_memory_is_at_least_what_this_process_holds_now()
    {
        Assert.InRange(PeakMemory.Megabytes(), GC.GetTotalMemory(forceFullCollection: false) / 1e6, 1e6);
    }
}
