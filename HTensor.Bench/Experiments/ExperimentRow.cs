namespace HTensor.Bench;

/// <summary>A row of an experiment's table: a model, and where its settings come from.</summary>
/// <param name="Name">In the table.</param>
/// <param name="Model">Options of <c>htensor train</c> that say which model; the data and the training are said elsewhere.</param>
internal sealed record ExperimentRow(string Name, string Model)
{
    /// <summary>The row whose search gives the settings; null: its own.</summary>
    public string? SettingsOf { get; init; }

    /// <summary>Which of the experiment's spaces its candidates are drawn from.</summary>
    public string Space { get; init; } = "cores";

    /// <summary>What a paper prints for it; null: nothing.</summary>
    public string? Published { get; init; }

    /// <summary>How the input cores begin; empty: as the tool does.</summary>
    public string Initialization { get; init; } = "";

    /// <summary>Fixed settings in place of a search; null: searched.</summary>
    public string? Settings { get; init; }

    /// <summary>Seeds of the final runs; 0: the experiment's.</summary>
    public int Seeds { get; init; }
}
