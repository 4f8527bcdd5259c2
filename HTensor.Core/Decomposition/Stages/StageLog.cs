namespace HTensor.Core;

/// <summary>What the stages of a decomposition kept and dropped: the budget that they share, and the certificate at the end.</summary>
internal sealed class StageLog
{
    private const double Unit = 1.0 / (1L << 53);

    private readonly Truncation _truncation;
    private readonly int _stages;
    private readonly Dictionary<string, NodeTruncation> _nodes = [];
    private double _squares;
    private double _slack;

    /// <summary>What the error beside the stages is at least, and at most.</summary>
    private (double Squares, double Least, double Most) _beside;

    /// <param name="truncation">What is allowed.</param>
    /// <param name="norm">The tensor's norm.</param>
    /// <param name="modeSizes">Its shape: rounding grows with it.</param>
    /// <param name="cores">Cores that will hold it.</param>
    /// <param name="stages">Stages whose errors add in squares.</param>
    /// <param name="storedUnit">Unit roundoff of the numbers stored.</param>
    public StageLog(Truncation truncation, double norm, IReadOnlyList<int> modeSizes, int cores, int stages, double storedUnit)
    {
        (_truncation, Norm) = (truncation, norm);
        var computed = Unit * norm * (20 + 30.0 * cores + modeSizes.Sum(size => 4 * Math.Sqrt(size)));
        var stored = storedUnit > Unit ? storedUnit * norm * (4 + 2 * cores) : 0;
        Rounding = computed + stored;
        Allowed = truncation.Kind == ToleranceKind.Exact ? computed / 4 : truncation.AllowedError(norm, Rounding);
        _stages = Math.Max(1, stages);
    }

    public double Norm { get; }

    /// <summary>The norm of what the stages so far have left.</summary>
    public double NormLeft => Math.Sqrt(Math.Max(0, Norm * Norm - _squares - _beside.Squares));

    /// <summary>Bound on what rounding does.</summary>
    public double Rounding { get; }

    /// <summary>The error that all stages together may make.</summary>
    public double Allowed { get; }

    /// <summary>The error that each stage may make: an equal share, in squares, of what is allowed.</summary>
    public double OfStage => Math.Max(0, Allowed - _beside.Most) / Math.Sqrt(_stages);

    public int MaximalRankOf(string node) => _truncation.MaximalRankOf(node);

    /// <summary>
    /// A stage at a node; a second one at the same node keeps what the first dropped. Beside a <paramref name="sibling"/> whose unfolding is the transpose
    /// of its own, a node adds only what it drops beyond that one's error, and what its own values are off by.
    /// </summary>
    public void Add(string node, NodeBasis basis, string? sibling = null)
    {
        var made = NodeTruncation.Of(node, basis.Values, basis.Rank, sibling is null ? ErrorShare.Own : ErrorShare.Sibling);
        if (_nodes.TryGetValue(node, out var before)) made = made with { Dropped = [.. made.Dropped.Concat(before.Dropped).OrderDescending()] };
        _nodes[node] = made;
        var counted = sibling is null ? 0 : _nodes[sibling].Error;
        AddError(Math.Sqrt(Math.Max(0, basis.Tail * basis.Tail - counted * counted)), basis.Slack);
    }

    /// <summary>A node whose unfolding is the transpose of its sibling's.</summary>
    public void AddSibling(string node, string sibling) => _nodes[node] = _nodes[sibling] with { Node = node, Share = ErrorShare.Sibling };

    /// <summary>An error made before the stages. It need not be orthogonal to theirs: it adds to them, or takes from them, as a whole.</summary>
    /// <param name="error">Its size.</param>
    /// <param name="slack">What its square may be off by.</param>
    public void AddBeside(double error, double slack) =>
        _beside = (error * error, Math.Sqrt(Math.Max(0, error * error - slack)), Math.Sqrt(error * error + slack));

    /// <summary>The certificate, nodes in this order, figures times 2 to a power.</summary>
    public TruncationReport Report(IEnumerable<string> order, int exponent)
    {
        var (least, most) = (Math.Sqrt(Math.Max(0, _squares - _slack)), Math.Sqrt(_squares + _slack));
        return Report(order, Math.Max(least - _beside.Most, _beside.Least - most) - Rounding, exponent);
    }

    /// <summary>The same where no stage projected for the next: the largest error of a node bounds from below.</summary>
    public TruncationReport UnprojectedReport(IEnumerable<string> order, int exponent)
    {
        var largest = _nodes.Values.Where(node => node.Share == ErrorShare.Own).Select(node => node.Error).DefaultIfEmpty().Max();
        return Report(order, Math.Sqrt(Math.Max(0, largest * largest - _slack)) - Rounding, exponent);
    }

    private TruncationReport Report(IEnumerable<string> order, double lower, int exponent)
    {
        NodeTruncation[] nodes = [.. order.Select(node => _nodes[node])];
        var upper = Math.Sqrt(_squares + _slack) + _beside.Most + Rounding;
        if (double.IsFinite(Math.ScaleB(Norm, exponent)))
        {
            nodes = [.. nodes.Select(node => node with { Kept = Scaled(node.Kept, exponent), Dropped = Scaled(node.Dropped, exponent) })];
            return TruncationReport.Of(nodes, Math.ScaleB(Norm, exponent), Math.ScaleB(Math.Max(0, lower), exponent), Math.ScaleB(upper, exponent));
        }

        return TruncationReport.Of(nodes, Norm, lower, upper, exponent);
    }

    private void AddError(double error, double slack)
    {
        _squares += error * error;
        _slack += slack;
    }

    private static IReadOnlyList<double> Scaled(IReadOnlyList<double> values, int exponent) => exponent == 0 ? values : [.. values.Select(value => Math.ScaleB(value, exponent))];
}
