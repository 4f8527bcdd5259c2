using HTensor.Bench;
using HTensor.Cli;
using HTensor.Tests.Browser;

namespace HTensor.Tests.Bench;

/// <summary>An experiment that is stopped and goes on; what it chooses; its page.</summary>
public sealed class ExperimentTests
{
    private static readonly Experiment Small = new()
    {
        Name = "small",
        Title = "A small one",
        Data = "clips.npz",
        Common = "--hidden 8 --epochs 1",
        Spaces = new Dictionary<string, SearchSpace> { ["cores"] = new([("--learning-rate", ["0.001", "0.01", "0.02"]), ("--dropout", ["", "0.2"]), ("--shift", ["", "1"])]) },
        Candidates = 3,
        Survivors = 1,
        SearchSeeds = 2,
        Seeds = 2,
        Reference = "ht",
        Rows = [new("ht", "--format ht --rank 2 --inner-rank 2"), new("tt", "--format tt --rank 2") { SettingsOf = "ht", Published = "79.6" }, new("given", "--format tt --rank 2") { Settings = "--learning-rate 0.005", Initialization = InputInitialization.Orthonormal }],
    };

    [Fact]
    public void Killed_at_any_moment_it_goes_on_without_repeating_a_finished_run()
    {
        using var folder = new TemporaryFolder();
        TinyVideo.Write(folder.In("clips.npz"));
        var path = folder.In("small.jsonl");
        var finished = new List<string>();
        for (var killed = 0; killed < 20; killed++)
        {
            using var stop = new CancellationTokenSource();
            var says = new StopAfter(2, stop);
            try
            {
                Run(folder, path, says, stop.Token);
                break;
            }
            catch (OperationCanceledException)
            {
            }

            var lines = File.ReadAllLines(path);
            Assert.Equal(finished, lines.Take(finished.Count));
            finished = [.. lines];
            // A process that is killed may leave half a line.
            File.AppendAllText(path, lines[0][..(lines[0].Length / 2)]);
        }

        var all = File.ReadAllLines(path);
        // Three candidates, one of them again, and two final runs of three rows.
        Assert.Equal(3 + 1 + 6, all.Length);
        var results = all.Select(line => ExperimentResult.Read(line, "line")).ToList();
        Assert.Equal(all.Length, results.Select(result => result.Job.Key).Distinct().Count());
        Assert.All(results, result => Assert.Equal(result.Job.Stage == JobStage.Final, double.IsFinite(result.Test)));
        Assert.All(results, result => Assert.Equal(result.Job.Stage == JobStage.Search, double.IsFinite(result.Validation)));
        Assert.All(results, result => Assert.Equal(result.Write(), ExperimentResult.Read(result.Write(), "").Write()));
        // What elsewhere was run is not run again.
        var again = new StopAfter(int.MaxValue, new CancellationTokenSource());
        Run(folder, path, again, default);
        Assert.Equal(0, again.Lines);
        Assert.Equal(all, File.ReadAllLines(path));
    }

    [Fact]
    public void The_best_mean_of_all_seeds_is_chosen_and_the_page_says_what_was_run()
    {
        using var folder = new TemporaryFolder();
        var log = new ResultLog(folder.In("small.jsonl"));
        var plan = new ExperimentPlan(Small, log);
        Assert.Null(plan.Chosen(Small.Row("ht")));
        Assert.Equal("--learning-rate 0.005", plan.Chosen(Small.Row("given")));
        var first = plan.FirstRound().ToArray();
        Assert.Equal(3, first.Length);
        double[] scores = [0.5, 0.9, 0.7];
        for (var i = 0; i < 3; i++) log.Add(new ExperimentResult(first[i]) { Validation = scores[i] });
        Assert.Equal(first[1].Settings, plan.Chosen(Small.Row("tt")));
        var second = plan.SecondRound().ToArray();
        Assert.Equal([first[1].Settings], second.Select(job => job.Settings));
        log.Add(new ExperimentResult(second[0]) { Validation = 0.8 });
        var finals = plan.Finals().ToArray();
        Assert.Equal(["ht", "tt", "given", "ht", "tt", "given"], finals.Select(job => job.Row));
        double[] tests = [0.8, 0.7, 0.5, 0.9, 0.6, 0.5];
        for (var i = 0; i < 6; i++) log.Add(new ExperimentResult(finals[i]) { Test = tests[i], InputParameters = 1234, CellParameters = 5678, Seconds = 2 });
        var page = new ExperimentPage(new ExperimentPlan(Small, new ResultLog(folder.In("small.jsonl")))).Write();
        Assert.Contains("| ht | 1,234 | 5,678 | 85.0 ± 7.1 | 21.5 to 148.5 | 2 | 80.0 90.0 |  | 2 |", page);
        Assert.Contains("| tt | +20.0 | -107.1 to +147.1 | 2 |", page);
        Assert.Contains("79.6", page);
        Assert.Contains("| 90.0 80.0 |", page);
        Assert.DoesNotContain("NaN", page);
    }

    [Fact]
    public void Past_the_end_of_a_list_goes_whoever_stands_at_its_end()
    {
        using var folder = new TemporaryFolder();
        var space = SearchSpace.Every([("--learning-rate", ["0.001", "0.01"]), ("--dropout", ["", "0.2"])]) with { Beyond = ["0.02", "0.03"] };
        Assert.Equal(["--learning-rate 0.001", "--learning-rate 0.01", "--learning-rate 0.001 --dropout 0.2", "--learning-rate 0.01 --dropout 0.2"], Enumerable.Range(0, space.Count).Select(space.Candidate));
        var experiment = Small with { Spaces = new Dictionary<string, SearchSpace> { ["cores"] = space }, Candidates = 4, Survivors = 2 };
        Assert.Empty(Plan([0.5, 0.6, 0.9, 0.8]).ThirdRound());
        var plan = Plan([0.5, 0.6, 0.8, 0.9]);
        var beyond = plan.ThirdRound().ToArray();
        string[] expected = ["--learning-rate 0.02 --dropout 0.2", "--learning-rate 0.03 --dropout 0.2"];
        Assert.Equal([.. expected, .. expected], beyond.Select(job => job.Settings));
        for (var i = 0; i < 4; i++) plan.Log.Add(new ExperimentResult(beyond[i]) { Validation = i % 2 == 0 ? 0.7 : 0.95 });
        Assert.Equal(expected[1], plan.Chosen(experiment.Row("ht")));
        Assert.Equal(6, plan.Tried(experiment.Row("ht")));

        ExperimentPlan Plan(double[] scores)
        {
            var filled = new ExperimentPlan(experiment, new ResultLog(folder.In($"{scores[2]}.jsonl")));
            var first = filled.FirstRound().ToArray();
            for (var i = 0; i < first.Length; i++) filled.Log.Add(new ExperimentResult(first[i]) { Validation = scores[i] });
            foreach (var job in filled.SecondRound().ToArray()) filled.Log.Add(new ExperimentResult(job) { Validation = filled.Scores(experiment.Row("ht"), job.Settings)[0] });
            return filled;
        }
    }

    [Fact]
    public void Other_first_values_have_the_norm_or_the_frames_that_they_say()
    {
        using var folder = new TemporaryFolder();
        TinyVideo.Write(folder.In("clips.npz"));
        var runner = new JobRunner(folder.Path, default);
        string[] rules = ["", InputInitialization.Orthonormal, InputInitialization.CoreGlorot, InputInitialization.Constant, InputInitialization.NoRoot];
        var results = rules.Select(rule => runner.Run(new ExperimentJob("small", "ht", JobStage.Search, "", "clips.npz --hidden 8 --epochs 1 --format ht --rank 2 --inner-rank 2 --validation 0.2 --seed 1", rule))).ToList();
        Assert.Equal(rules.Length, results.Select(result => result.WeightsSha256).Distinct().Count());
    }

    [Fact]
    public void Every_experiment_names_options_that_the_tool_has()
    {
        using var folder = new TemporaryFolder();
        foreach (var experiment in ExperimentCatalog.All)
        {
            Assert.Contains(experiment.Rows, row => row.Name == experiment.Reference);
            folder.WriteFile(experiment.Data);
            var plan = new ExperimentPlan(experiment, new ResultLog(folder.In("none")));
            var jobs = plan.FirstRound().Concat(experiment.Rows.Select(row => plan.Final(row, row.Settings ?? "", 1)));
            foreach (var job in jobs)
            {
                var words = job.Arguments.Split(' ', StringSplitOptions.RemoveEmptyEntries);
                var run = ToolRun.Of(["train", folder.In(words[0]), .. words.Skip(1)]);
                Assert.True(run.ExitCode == 0, $"{job.Arguments}: {run.Error}");
                TrainingJob.RequireTask(run.TrainRequest!, TaskChoice.Of(run.TrainRequest!.Task));
            }
        }
    }

    [Fact]
    public void Figures_of_few_numbers_are_those_of_the_tables()
    {
        var all = Statistics.Of([1, 2, 3, 4, 5]);
        Assert.Equal((5, 3.0), (all.Count, all.Mean));
        Assert.Equal(Math.Sqrt(2.5), all.Deviation, 1e-12);
        Assert.Equal(2.776 * Math.Sqrt(0.5), all.HalfWidth, 1e-12);
        Assert.True(double.IsNaN(Statistics.Of([1]).HalfWidth));
        Assert.Equal(0, Statistics.Of([]).Count);
    }

    private static void Run(TemporaryFolder folder, string path, TextWriter says, CancellationToken stop)
    {
        var log = new ResultLog(path);
        var plan = new ExperimentPlan(Small, log);
        var queue = new JobQueue(new Dictionary<string, ResultLog> { ["small"] = log }, new JobRunner(folder.Path, stop), 2, says);
        queue.Run(plan.FirstRound());
        queue.Run(plan.SecondRound());
        queue.Run(plan.Finals());
    }

    /// <summary>Stops the work after so many lines.</summary>
    private sealed class StopAfter(int most, CancellationTokenSource stop) : StringWriter
    {
        public int Lines { get; private set; }

        public override void WriteLine(string? value)
        {
            if (++Lines == most) stop.Cancel();
        }
    }
}
