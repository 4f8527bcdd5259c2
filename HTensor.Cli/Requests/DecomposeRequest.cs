using HTensor.Core;

namespace HTensor.Cli;

/// <summary>What <c>decompose</c> was asked.</summary>
internal sealed record DecomposeRequest(string Data, string Out)
{
    public string Format { get; init; } = "ht";

    /// <summary>Relative; null where none is given.</summary>
    public double? Tolerance { get; init; }

    public double? AbsoluteTolerance { get; init; }

    public int? MaximalRank { get; init; }

    public string? Tree { get; init; }

    public int? Threads { get; init; }

    /// <summary>The error is measured by one more pass however long the file is.</summary>
    public bool Measure { get; init; }

    /// <exception cref="RequestException">Nothing says how far, or two tolerances do.</exception>
    public Truncation Truncation()
    {
        if (Tolerance is not null && AbsoluteTolerance is not null) throw new RequestException("--tolerance and --absolute-tolerance: expected one of them, found both");
        if (Tolerance is null && AbsoluteTolerance is null && MaximalRank is null) throw new RequestException("decompose: expected --tolerance, --absolute-tolerance or --max-rank, found none");
        var truncation = Tolerance is { } relative ? Core.Truncation.Relative(relative)
            : AbsoluteTolerance is { } absolute ? Core.Truncation.Absolute(absolute)
            : Core.Truncation.Exact;
        return MaximalRank is { } rank ? truncation.WithMaximalRank(rank) : truncation;
    }
}

/// <summary>What <c>reconstruct</c> was asked.</summary>
internal sealed record ReconstructRequest(string Tensor, string Out);

/// <summary>What <c>inspect</c> was asked: the file, and where the singular values are to be drawn.</summary>
internal sealed record InspectRequest(string Path, string? Svg);
