using System.Diagnostics;
using HTensor.Core;
using HTensor.Rnn;

namespace HTensor.Cli;

/// <summary>
/// The format that the options ask for. An option that a format has no use for is passed over, so that one command line can try them all.
/// </summary>
internal static class FormatChoice
{
    public static readonly string[] Names = ["dense", "ht", "tt", "tr", "bt", "tucker", "cp", "lowrank"];

    private const int Rank = 4;
    private const int InnerRank = 5;
    private const int Blocks = 2;

    /// <summary>A Tucker core has rank^modes numbers: more than 2 is seldom meant.</summary>
    private const int TuckerRank = 2;

    /// <summary>Of the input matrix.</summary>
    /// <param name="request">The options.</param>
    /// <param name="preset">The preset's format: its ranks hold where the options give none and the format is the same.</param>
    public static IMatrixFormat Of(ModelRequest request, IMatrixFormat? preset) => Named(request.Format ?? preset?.Name ?? "ht", request, preset);

    /// <summary>Of the recurrent matrix: dense, unless an option or a preset of the whole cell says another.</summary>
    public static IMatrixFormat Recurrent(ModelRequest request, Preset? preset) =>
        Named(request.RecurrentFormat ?? (preset?.Scope == PresetScope.Cell ? request.Format ?? preset.Format.Name : "dense"), request, preset?.Format);

    private static IMatrixFormat Named(string name, ModelRequest request, IMatrixFormat? preset)
    {
        if (preset?.Name == name && request is { Rank: null, InnerRank: null, Blocks: null, Tree: null }) return preset;
        return name switch
        {
            "dense" => WeightFormat.Dense,
            "ht" => Tree(request, preset as HierarchicalTuckerFormat),
            "tt" => WeightFormat.TensorTrain(request.Rank ?? (preset as TensorTrainFormat)?.Ranks[0] ?? Rank),
            "tr" => Ring(request, preset as TensorRingFormat),
            "bt" => Terms(request, preset as BlockTermFormat),
            "tucker" => WeightFormat.Tucker(request.Rank ?? TuckerRank),
            "cp" => WeightFormat.CanonicalPolyadic(request.Rank ?? (preset as CanonicalPolyadicFormat)?.RankOfBonds ?? Rank),
            "lowrank" => WeightFormat.LowRank(request.Rank ?? Rank),
            _ => throw new UnreachableException(name),
        };
    }

    // A node over two leaves can make use of no more than their ranks' product: a small --rank alone must not fail for the inner rank's default.
    private static IMatrixFormat Tree(ModelRequest request, HierarchicalTuckerFormat? preset)
    {
        var rank = request.Rank ?? preset?.LeafRank ?? Rank;
        var inner = request.InnerRank ?? (int)Math.Min(preset?.InnerRank ?? InnerRank, (long)rank * rank);
        return WeightFormat.HierarchicalTucker(rank, inner, request.Tree ?? preset?.TreeText ?? "balanced");
    }

    // A rank that is given is that of every bond, the closing one too.
    private static IMatrixFormat Ring(ModelRequest request, TensorRingFormat? preset) =>
        request.Rank is null && preset is not null ? preset : WeightFormat.TensorRing(request.Rank ?? Rank);

    private static IMatrixFormat Terms(ModelRequest request, BlockTermFormat? preset) =>
        WeightFormat.BlockTerm(request.Blocks ?? preset?.Blocks ?? Blocks, request.Rank ?? preset?.Ranks[0] ?? Rank);
}
