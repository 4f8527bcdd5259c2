using System.Globalization;
using HTensor.Cli;

namespace HTensor.Bench;

/// <summary>
/// <c>experiments NAME [--search | --finals] [--data FOLDER] [--results FOLDER] [--workers N] [--rows "ROW;ROW"]</c>: makes a table, going on where it was stopped.
/// </summary>
internal sealed record ExperimentsCommand(IReadOnlyList<Experiment> Experiments, string Data, string Results, int Workers, string Stage, IReadOnlyList<string> Rows)
{
    public static int Run(string[] args)
    {
        if (Parse(args, out var problem) is not { } command)
        {
            Console.Error.WriteLine(problem);
            return 2;
        }

        using var interruption = new Interruption();
        try
        {
            command.RunAll(interruption.Token);
            return 0;
        }
        catch (OperationCanceledException)
        {
            Console.Error.WriteLine($"interrupted; experiments {string.Join(' ', args)} goes on, finished runs are kept");
            return interruption.ExitCodeOf(ExitCode.Interrupted);
        }
        catch (Exception exception) when (exception is InvalidDataException or InvalidOperationException or IOException or UnauthorizedAccessException)
        {
            Console.Error.WriteLine($"experiments: {OneLine.Of(exception)}");
            return 1;
        }
    }

    private void RunAll(CancellationToken cancellation)
    {
        Directory.CreateDirectory(Results);
        var logs = Experiments.ToDictionary(experiment => experiment.Name, experiment => new ResultLog(In(experiment, "jsonl")));
        var plans = Experiments.Select(experiment => new ExperimentPlan(experiment, logs[experiment.Name])).ToList();
        var queue = new JobQueue(logs, new JobRunner(Data, cancellation), Workers, Console.Out);
        if (Stage != "finals")
        {
            queue.Run(plans.SelectMany(plan => plan.FirstRound()).Where(IsWanted));
            queue.Run(plans.SelectMany(plan => plan.SecondRound()).Where(IsWanted));
            queue.Run(plans.SelectMany(plan => plan.ThirdRound()).Where(IsWanted));
        }

        if (Stage != "search") queue.Run(plans.SelectMany(plan => plan.Finals()).Where(IsWanted));
        foreach (var plan in plans)
        {
            foreach (var line in Stage == "search" ? plan.Choices() : []) Console.WriteLine(line);
            File.WriteAllText(In(plan.Experiment, "md"), new ExperimentPage(plan).Write());
        }
    }

    private bool IsWanted(ExperimentJob job) => Rows.Count == 0 || Rows.Contains(job.Row);

    private string In(Experiment experiment, string extension) => Path.Combine(Results, $"{experiment.Name}.{extension}");

    private static ExperimentsCommand? Parse(string[] args, out string problem)
    {
        var known = string.Join(", ", ExperimentCatalog.All.Select(experiment => experiment.Name));
        problem = $"experiments: expected a name ({known}), then --search or --finals, --data FOLDER, --results FOLDER, --workers N, --rows ROW;ROW";
        var names = args.Length == 0 ? [] : args[0].Split(',');
        var experiments = names.Select(name => ExperimentCatalog.All.FirstOrDefault(experiment => experiment.Name == name)).OfType<Experiment>().ToList();
        if (experiments.Count == 0 || experiments.Count < names.Length) return null;
        var command = new ExperimentsCommand(experiments, ".", "docs/results", 1, "", []);
        for (var i = 1; i < args.Length; i++)
        {
            var value = i + 1 < args.Length ? args[i + 1] : "";
            switch (args[i])
            {
                case "--search" or "--finals":
                    command = command with { Stage = args[i][2..] };
                    continue;
                case "--data" when value.Length > 0:
                    command = command with { Data = value };
                    break;
                case "--results" when value.Length > 0:
                    command = command with { Results = value };
                    break;
                case "--rows" when value.Length > 0:
                    command = command with { Rows = value.Split(';') };
                    break;
                case "--workers" when int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var workers) && workers > 0:
                    command = command with { Workers = workers };
                    break;
                default:
                    problem = $"option {args[i]}: expected --search, --finals, --data FOLDER, --results FOLDER, --workers N with N at least 1, or --rows ROW;ROW";
                    return null;
            }

            i++;
        }

        var missing = experiments.Select(experiment => Path.Combine(command.Data, experiment.Data)).FirstOrDefault(path => !Path.Exists(path));
        problem = $"experiments: expected the data {missing}, found nothing there; --data names its folder";
        return missing is null ? command : null;
    }
}
