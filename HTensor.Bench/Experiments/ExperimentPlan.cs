namespace HTensor.Bench;

/// <summary>Which jobs an experiment needs next, from what its log has.</summary>
internal sealed class ExperimentPlan(Experiment experiment, ResultLog log)
{
    public Experiment Experiment => experiment;

    public ResultLog Log => log;

    /// <summary>What takes longest first, so that the last to end are short.</summary>
    private IEnumerable<ExperimentRow> Searched => experiment.Rows.Where(row => row is { SettingsOf: null, Settings: null }).OrderByDescending(row => row.Space == "dense");

    /// <summary>Every candidate of every searched row, once; candidate after candidate, so that what is broken off is fair.</summary>
    public IEnumerable<ExperimentJob> FirstRound() =>
        from candidate in Enumerable.Range(0, experiment.Candidates)
        from row in Searched
        select Search(row, Candidate(row, candidate), 1);

    /// <summary>The best candidates of each row with the other seeds; fewer where the first round is not done.</summary>
    public IEnumerable<ExperimentJob> SecondRound() =>
        from seed in Enumerable.Range(2, experiment.SearchSeeds - 1)
        from row in Searched
        from settings in Best(row, experiment.Survivors)
        select Search(row, settings, seed);

    /// <summary>Where a row's best stands at the end of a list, what lies beyond, with all seeds.</summary>
    public IEnumerable<ExperimentJob> ThirdRound() =>
        from seed in Enumerable.Range(1, experiment.SearchSeeds)
        from row in Searched
        from settings in Beyond(row)
        select Search(row, settings, seed);

    /// <summary>The final runs of every row whose settings are known, seed after seed.</summary>
    public IEnumerable<ExperimentJob> Finals() =>
        from seed in Enumerable.Range(1, experiment.Rows.Max(Seeds))
        from row in experiment.Rows
        where seed <= Seeds(row)
        let settings = Chosen(row)
        where settings is not null
        select Final(row, settings, seed);

    public ExperimentJob Final(ExperimentRow row, string settings, int seed) => Job(row, JobStage.Final, settings, seed, experiment.FinalOptions);

    public int Seeds(ExperimentRow row) => row.Seeds > 0 ? row.Seeds : experiment.Seeds;

    /// <summary>The settings of a row: the best mean over the seeds of those that had all seeds, else the best of the first round; null before it.</summary>
    public string? Chosen(ExperimentRow row)
    {
        if (row.Settings is { } fix) return fix;
        var searched = row.SettingsOf is { } other ? experiment.Row(other) : row;
        if (searched != row) return Chosen(searched);
        return BestMean(row, [.. Best(row, experiment.Candidates), .. Beyond(row)]);
    }

    private IEnumerable<string> Beyond(ExperimentRow row) => BestMean(row, Best(row, experiment.Candidates)) is { } best ? experiment.Spaces[row.Space].After(best) : [];

    private string? BestMean(ExperimentRow row, IReadOnlyList<string> settings)
    {
        var candidates = settings.Select(candidate => (Settings: candidate, Scores: Scores(row, candidate))).ToList();
        var most = candidates.Select(candidate => candidate.Scores.Count).DefaultIfEmpty(0).Max();
        return candidates.Where(candidate => candidate.Scores.Count == most && most > 0).OrderByDescending(candidate => candidate.Scores.Average()).Select(candidate => candidate.Settings).FirstOrDefault();
    }

    /// <summary>Validation of a candidate by seed, as a score: more is better.</summary>
    public List<double> Scores(ExperimentRow row, string settings) =>
        [.. Enumerable.Range(1, experiment.SearchSeeds).Select(seed => log.Find(Search(row, settings, seed))).OfType<ExperimentResult>().Select(Score)];

    /// <summary>What each searched row came to, in words.</summary>
    public IEnumerable<string> Choices() => Searched.Select(row => $"{experiment.Name} {row.Name}: {Chosen(row) ?? "not searched"}");

    /// <summary>Settings tried for a row.</summary>
    public int Tried(ExperimentRow row) =>
        Enumerable.Range(0, experiment.Candidates).Select(candidate => Candidate(row, candidate)).Concat(Beyond(row)).Count(settings => log.Find(Search(row, settings, 1)) is not null);

    private List<string> Best(ExperimentRow row, int count) =>
    [
        .. Enumerable.Range(0, experiment.Candidates)
            .Select(candidate => Candidate(row, candidate))
            .Select(settings => (Settings: settings, Result: log.Find(Search(row, settings, 1))))
            .Where(tried => tried.Result is not null)
            .OrderByDescending(tried => Score(tried.Result!))
            .Take(count)
            .Select(tried => tried.Settings),
    ];

    private double Score(ExperimentResult result) => !double.IsFinite(result.Validation) ? double.MinValue : experiment.IsLikelihood ? -result.Validation : result.Validation;

    private string Candidate(ExperimentRow row, int index) => experiment.Spaces[row.Space].Candidate(index);

    private ExperimentJob Search(ExperimentRow row, string settings, int seed) => Job(row, JobStage.Search, settings, seed, experiment.SearchOptions);

    private ExperimentJob Job(ExperimentRow row, JobStage stage, string settings, int seed, string more)
    {
        string[] parts = [experiment.Data, experiment.Common, row.Model, settings, more, $"--seed {seed}"];
        return new ExperimentJob(experiment.Name, row.Name, stage, settings, string.Join(' ', parts.Where(part => part.Length > 0)), row.Initialization);
    }
}
