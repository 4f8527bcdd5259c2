using System.Globalization;
using System.Text;

namespace HTensor.Bench;

/// <summary>An experiment's page: the table of its final runs, the paired differences, what was chosen.</summary>
internal sealed class ExperimentPage(ExperimentPlan plan)
{
    private readonly Experiment _experiment = plan.Experiment;
    private readonly StringBuilder _page = new();

    public string Write()
    {
        Line($"# {_experiment.Title}");
        Line("");
        Line($"Made by `dotnet run -c Release --project HTensor.Bench -- experiments {_experiment.Name}`; every run is a line of `{_experiment.Name}.jsonl`, with the arguments of `htensor train` that give its");
        Line("weights again, to the bit, on any machine. " + _experiment.Note);
        Line("");
        var unit = _experiment.IsLikelihood ? "test, nats a step" : "test accuracy, %";
        Line($"| row | input matrix | cell | {unit}: mean ± deviation | 95 % interval | seeds | each | published | seconds a run |");
        Line("|---|---|---|---|---|---|---|---|---|");
        foreach (var row in _experiment.Rows) Row(row);
        Differences();
        Settings();
        return _page.ToString();
    }

    private void Row(ExperimentRow row)
    {
        var runs = Finals(row);
        if (runs.Count == 0)
        {
            Line($"| {row.Name} | | | not run | | 0 | | {row.Published} | |");
            return;
        }

        var values = Values(runs.Values);
        var all = Statistics.Of(values);
        var failed = runs.Values.Count(run => !double.IsFinite(run.Test));
        var first = runs.Values.First();
        var spread = values.Count > 1 ? $" ± {Figure(all.Deviation)} | {Figure(all.Mean - all.HalfWidth)} to {Figure(all.Mean + all.HalfWidth)}" : " | ";
        var seconds = Median([.. runs.Values.Select(run => run.Seconds)]).ToString("F0", CultureInfo.InvariantCulture);
        Line($"| {row.Name} | {Count(first.InputParameters)} | {Count(first.CellParameters)} | {Figure(all.Mean)}{spread} | {values.Count}{(failed > 0 ? $", {failed} diverged" : "")} | "
            + $"{string.Join(' ', values.Select(Figure))} | {row.Published} | {seconds} |");
    }

    private void Differences()
    {
        var reference = _experiment.Row(_experiment.Reference);
        var own = Finals(reference);
        var others = _experiment.Rows.Where(row => row != reference).Select(row => (Row: row, Runs: Finals(row))).Where(pair => pair.Runs.Keys.Intersect(own.Keys).Count() > 1).ToArray();
        if (others.Length == 0) return;
        Line("");
        Line($"## {reference.Name} less each, seed by seed");
        Line("");
        Line("| row | mean difference | 95 % interval | pairs |");
        Line("|---|---|---|---|");
        foreach (var (row, runs) in others)
        {
            double[] differences = [.. own.Keys.Intersect(runs.Keys).Select(seed => Scaled(own[seed].Test) - Scaled(runs[seed].Test)).Where(double.IsFinite)];
            var all = Statistics.Of(differences);
            Line($"| {row.Name} | {Signed(all.Mean)} | {Signed(all.Mean - all.HalfWidth)} to {Signed(all.Mean + all.HalfWidth)} | {differences.Length} |");
        }
    }

    private void Settings()
    {
        Line("");
        Line("## Settings");
        Line("");
        var final = _experiment.FinalOptions.Length > 0 ? $" Final runs: `{_experiment.FinalOptions}`." : "";
        Line($"Every run: `{_experiment.Data} {_experiment.Common}`.{final} Search: `{_experiment.SearchOptions}`.");
        Line("");
        Line("| row | model | chosen | of | its validation, by seed |");
        Line("|---|---|---|---|---|");
        foreach (var row in _experiment.Rows)
        {
            var chosen = plan.Chosen(row);
            var (tried, scores) = row switch
            {
                { Settings: not null } => ("given", ""),
                { SettingsOf: { } other } => ($"those of {other}", ""),
                _ => ($"{plan.Tried(row)}", chosen is null ? "" : string.Join(' ', plan.Scores(row, chosen).Select(score => Figure(Scaled(Math.Abs(score)))))),
            };
            Line($"| {row.Name}{(row.Initialization.Length > 0 ? $" ({row.Initialization})" : "")} | `{row.Model}` | {(string.IsNullOrEmpty(chosen) ? "" : $"`{chosen}`")} | {tried} | {scores} |");
        }
    }

    /// <summary>Final runs by seed.</summary>
    private Dictionary<int, ExperimentResult> Finals(ExperimentRow row) => plan.Chosen(row) is not { } settings ? [] : Enumerable.Range(1, plan.Seeds(row))
        .Select(seed => (seed, Run: plan.Log.Find(plan.Final(row, settings, seed))))
        .Where(pair => pair.Run is not null)
        .ToDictionary(pair => pair.seed, pair => pair.Run!);

    private List<double> Values(IEnumerable<ExperimentResult> runs) => [.. runs.Select(run => Scaled(run.Test)).Where(double.IsFinite)];

    private double Scaled(double value) => _experiment.IsLikelihood ? value : 100 * value;

    private string Figure(double value) => double.IsFinite(value) ? value.ToString(_experiment.IsLikelihood ? "F3" : "F1", CultureInfo.InvariantCulture) : "";

    private string Signed(double value) => double.IsFinite(value)
        ? Math.Round(value, _experiment.IsLikelihood ? 3 : 1).ToString(_experiment.IsLikelihood ? "+0.000;-0.000;0.000" : "+0.0;-0.0;0.0", CultureInfo.InvariantCulture)
        : "";

    private static string Count(long value) => value.ToString("N0", CultureInfo.InvariantCulture);

    private static double Median(double[] values)
    {
        Array.Sort(values);
        return values[values.Length / 2];
    }

    private void Line(string text) => _page.Append(text).Append('\n');
}
