namespace HTensor.Bench;

/// <summary>One training. Its text says all of it, and is its key: whoever has run it, here or elsewhere, need not run it again.</summary>
/// <param name="Experiment">Name of the table.</param>
/// <param name="Row">Name of the row.</param>
/// <param name="Stage">search or final.</param>
/// <param name="Settings">What the row's settings are in it.</param>
/// <param name="Arguments">Of <c>htensor train</c>, the data's name first.</param>
/// <param name="Initialization">How the input cores begin; empty: as the tool does.</param>
internal sealed record ExperimentJob(string Experiment, string Row, JobStage Stage, string Settings, string Arguments, string Initialization)
{
    public string Key => $"{Experiment}/{Stage}/{Initialization}/{Arguments}";
}

/// <summary>What a run is for.</summary>
internal enum JobStage
{
    /// <summary>To choose settings: the test split is not read.</summary>
    Search,

    /// <summary>For the table: the test split is read once.</summary>
    Final,
}
