namespace HTensor.Bench;

/// <summary>
/// A table that anyone can make again: rows, the settings that each may choose from, and how often each is run. Settings are chosen on validation samples, which
/// the training split gives; the test split is read by the final runs alone.
/// </summary>
internal sealed record Experiment
{
    public required string Name { get; init; }

    public required string Title { get; init; }

    /// <summary>The data file's name, looked for in the folder that the command is given.</summary>
    public required string Data { get; init; }

    /// <summary>Options of <c>htensor train</c> that every run has.</summary>
    public required string Common { get; init; }

    public required IReadOnlyList<ExperimentRow> Rows { get; init; }

    /// <summary>By name: what each setting may be.</summary>
    public IReadOnlyDictionary<string, SearchSpace> Spaces { get; init; } = new Dictionary<string, SearchSpace>();

    /// <summary>Settings tried once for each searched row.</summary>
    public int Candidates { get; init; } = 16;

    /// <summary>Of these the best are tried again, with <see cref="SearchSeeds"/> seeds in all.</summary>
    public int Survivors { get; init; } = 4;

    public int SearchSeeds { get; init; } = 3;

    /// <summary>Options of the search alone: the part of the training split that validates.</summary>
    public string SearchOptions { get; init; } = "--validation 0.2";

    /// <summary>Options of the final runs alone.</summary>
    public string FinalOptions { get; init; } = "--validation 0";

    public int Seeds { get; init; } = 5;

    /// <summary>The row that the others are compared with.</summary>
    public required string Reference { get; init; }

    /// <summary>A negative log-likelihood, less is better; else an accuracy.</summary>
    public bool IsLikelihood { get; init; }

    /// <summary>What the table needs to be read with.</summary>
    public string Note { get; init; } = "";

    public ExperimentRow Row(string name) => Rows.First(row => row.Name == name);
}
