using System.Globalization;

namespace HTensor.Core;

/// <summary>
/// How far a tensor may be truncated: a tolerance on the error (relative to the norm, or absolute), maximal ranks, or both. Where a maximal rank
/// leaves more error than the tolerance the rank wins, and the <see cref="TruncationReport"/> says so. No rank is ever below 1.
/// </summary>
public sealed class Truncation
{
    private readonly int _maximalRank;
    private readonly IReadOnlyDictionary<string, int> _ofNodes;

    private Truncation(ToleranceKind kind, double tolerance, int maximalRank, IReadOnlyDictionary<string, int> ofNodes) =>
        (Kind, Tolerance, _maximalRank, _ofNodes) = (kind, tolerance, maximalRank, ofNodes);

    /// <summary>Drops what is zero up to rounding, and nothing else.</summary>
    public static Truncation Exact { get; } = new(ToleranceKind.Exact, 0, int.MaxValue, new Dictionary<string, int>());

    /// <summary>The tolerance's meaning.</summary>
    public ToleranceKind Kind { get; }

    /// <summary>The error allowed, in units of the norm or absolute; 0 where <see cref="Kind"/> is exact.</summary>
    public double Tolerance { get; }

    /// <summary>||X - Y|| at most <paramref name="tolerance"/> ||X||, in the Frobenius norm.</summary>
    /// <exception cref="ArgumentException">Not a finite number of at least 0.</exception>
    public static Truncation Relative(double tolerance) => new(ToleranceKind.Relative, Require(tolerance, "relative"), int.MaxValue, Exact._ofNodes);

    /// <summary>||X - Y|| at most <paramref name="tolerance"/>, in the Frobenius norm.</summary>
    /// <exception cref="ArgumentException">Not a finite number of at least 0.</exception>
    public static Truncation Absolute(double tolerance) => new(ToleranceKind.Absolute, Require(tolerance, "absolute"), int.MaxValue, Exact._ofNodes);

    /// <summary>No rank above <paramref name="rank"/>, whatever the error.</summary>
    /// <exception cref="ArgumentException">Below 1.</exception>
    public static Truncation MaximalRank(int rank) => Exact.WithMaximalRank(rank);

    /// <summary>The same tolerance, and no rank above <paramref name="rank"/>.</summary>
    /// <exception cref="ArgumentException">Below 1.</exception>
    public Truncation WithMaximalRank(int rank) => new(Kind, Tolerance, Require(rank, "maximal rank"), _ofNodes);

    /// <summary>The same, and maximal ranks of single nodes, by their modes as in <see cref="DimensionTree.Key"/>: "0,1"; of a train by the modes left of the bond.</summary>
    /// <exception cref="ArgumentException">A rank is below 1.</exception>
    public Truncation WithMaximalRanks(IReadOnlyDictionary<string, int> ranks)
    {
        ArgumentNullException.ThrowIfNull(ranks);
        foreach (var (node, rank) in ranks) Require(rank, $"maximal rank of node {{{node}}}");
        return new Truncation(Kind, Tolerance, _maximalRank, new Dictionary<string, int>(ranks));
    }

    /// <summary>The largest rank that a node may have.</summary>
    public int MaximalRankOf(string node) => Math.Min(_maximalRank, _ofNodes.GetValueOrDefault(node, int.MaxValue));

    /// <summary>The largest rank of all nodes that have none of their own.</summary>
    public int LargestRank => _maximalRank;

    /// <summary>The absolute error allowed for a tensor of this norm; where exact, what rounding did to it.</summary>
    public double AllowedError(double norm, double rounding) => Kind switch
    {
        ToleranceKind.Exact => rounding,
        ToleranceKind.Relative => Math.Max(0, Tolerance * norm - rounding),
        _ => Math.Max(0, Tolerance - rounding),
    };

    /// <summary>The same of a tensor times 2 to a power.</summary>
    internal Truncation Scaled(int exponent) =>
        new(Kind, Kind == ToleranceKind.Absolute ? Math.Min(double.MaxValue, Math.ScaleB(Tolerance, exponent)) : Tolerance, _maximalRank, _ofNodes);

    public override string ToString()
    {
        var text = Kind switch
        {
            ToleranceKind.Exact => "exact",
            ToleranceKind.Relative => string.Create(CultureInfo.InvariantCulture, $"relative {Tolerance:G3}"),
            _ => string.Create(CultureInfo.InvariantCulture, $"absolute {Tolerance:G3}"),
        };
        return _maximalRank == int.MaxValue ? text : $"{text}, ranks at most {_maximalRank}";
    }

    private static double Require(double tolerance, string kind) => double.IsFinite(tolerance) && tolerance >= 0
        ? tolerance
        : throw new ArgumentException(string.Create(CultureInfo.InvariantCulture, $"{kind} tolerance: expected a finite number of at least 0, found {tolerance}"));

    private static int Require(int rank, string what) => rank >= 1 ? rank : throw new ArgumentException($"{what}: expected a whole number of at least 1, found {rank}");
}

/// <summary>What a tolerance is measured by.</summary>
public enum ToleranceKind
{
    /// <summary>Rounding alone.</summary>
    Exact,

    /// <summary>The norm of the tensor.</summary>
    Relative,

    /// <summary>Nothing: it is the error itself.</summary>
    Absolute,
}
