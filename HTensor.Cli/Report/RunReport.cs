using HTensor.Rnn;

namespace HTensor.Cli;

/// <summary>What report.html shows of a run.</summary>
internal sealed record RunReport
{
    /// <summary>The run in a few words: the format and the data.</summary>
    public required string Title { get; init; }

    public required IReadOnlyList<NamedValue> Figures { get; init; }

    public required IReadOnlyList<ParameterRow> Parameters { get; init; }

    public required IReadOnlyList<EpochMetrics> Epochs { get; init; }

    /// <summary>Of the test split; null where there is none.</summary>
    public ConfusionMatrix? Confusion { get; init; }

    /// <summary>The input matrix's network as inline SVG; null where it is one dense core.</summary>
    public string? Network { get; init; }

    /// <summary>Singular values of the input matrix; empty where its network is no tree.</summary>
    public IReadOnlyList<InputSpectrum> Spectra { get; init; } = [];

    /// <summary>Some test samples.</summary>
    public IReadOnlyList<SampleClip> Clips { get; init; } = [];

    public required IReadOnlyList<NamedValue> Settings { get; init; }
}
