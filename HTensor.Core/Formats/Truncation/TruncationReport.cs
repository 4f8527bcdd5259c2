namespace HTensor.Core;

/// <summary>
/// What a decomposition or truncation X to Y did, with a certificate: <see cref="ErrorLowerBound"/> &lt;= ||X - Y|| &lt;= <see cref="ErrorUpperBound"/>,
/// rounding included. Where each stage projects what the stages before it left, squared errors add up exactly and the bounds differ by rounding alone;
/// where all nodes are truncated from X itself, the largest of the nodes' errors bounds from below, the root of the sum of their squares from above
/// (Grasedyck 2010, theorem 3.11).
/// </summary>
public sealed class TruncationReport
{
    private TruncationReport(IReadOnlyList<NodeTruncation> nodes, double norm, double lower, double upper, int scaleExponent) =>
        (Nodes, Norm, ErrorLowerBound, ErrorUpperBound, ScaleExponent) = (nodes, norm, lower, Math.Max(lower, upper), scaleExponent);

    /// <summary>Nodes below the root, children before parents; bonds of a train from left to right; modes of Tucker.</summary>
    public IReadOnlyList<NodeTruncation> Nodes { get; }

    /// <summary>The rank of each of <see cref="Nodes"/>.</summary>
    public IReadOnlyList<int> Ranks => [.. Nodes.Select(node => node.Rank)];

    /// <summary>||X||.</summary>
    public double Norm { get; }

    /// <summary>The error is no smaller.</summary>
    public double ErrorLowerBound { get; }

    /// <summary>The error is no larger.</summary>
    public double ErrorUpperBound { get; }

    /// <summary>All absolute figures are in units of 2 to this power: 0, unless they would leave the range of double.</summary>
    public int ScaleExponent { get; }

    /// <summary><see cref="ErrorLowerBound"/> over the norm; 0 for a tensor of zeros.</summary>
    public double RelativeErrorLowerBound => Relative(ErrorLowerBound);

    /// <summary><see cref="ErrorUpperBound"/> over the norm; 0 for a tensor of zeros that has no error.</summary>
    public double RelativeErrorUpperBound => Relative(ErrorUpperBound);

    /// <summary>Stages that each projected what was left by those before: their squared errors add up to the squared error.</summary>
    /// <param name="nodes">What was kept and dropped.</param>
    /// <param name="norm">||X||.</param>
    /// <param name="rounding">Bound on what rounding adds or hides, absolute.</param>
    /// <param name="scaleExponent">See <see cref="ScaleExponent"/>.</param>
    public static TruncationReport OfProjections(IReadOnlyList<NodeTruncation> nodes, double norm, double rounding, int scaleExponent = 0)
    {
        var error = RankChoice.Norm([.. Errors(nodes)]);
        return Of(nodes, norm, error - rounding, error + rounding, scaleExponent);
    }

    /// <summary>Nodes that were all truncated from the singular values of X itself, each orthogonal.</summary>
    /// <inheritdoc cref="OfProjections"/>
    public static TruncationReport OfUnprojected(IReadOnlyList<NodeTruncation> nodes, double norm, double rounding, int scaleExponent = 0) =>
        Of(nodes, norm, Errors(nodes).DefaultIfEmpty().Max() - rounding, RankChoice.Norm([.. Errors(nodes)]) + rounding, scaleExponent);

    /// <summary>Bounds that were measured.</summary>
    /// <exception cref="ArgumentException">A bound is NaN.</exception>
    public static TruncationReport Of(IReadOnlyList<NodeTruncation> nodes, double norm, double errorLowerBound, double errorUpperBound, int scaleExponent = 0)
    {
        ArgumentNullException.ThrowIfNull(nodes);
        if (double.IsNaN(errorLowerBound) || double.IsNaN(errorUpperBound))
            throw new ArgumentException($"error bounds: expected numbers, found {errorLowerBound} and {errorUpperBound}");
        return new TruncationReport(nodes, norm, Math.Max(0, errorLowerBound), errorUpperBound, scaleExponent);
    }

    private static IEnumerable<double> Errors(IReadOnlyList<NodeTruncation> nodes) => nodes.Where(node => node.Share == ErrorShare.Own).Select(node => node.Error);

    private double Relative(double error) => Norm > 0 ? error / Norm : error > 0 ? double.PositiveInfinity : 0;
}
