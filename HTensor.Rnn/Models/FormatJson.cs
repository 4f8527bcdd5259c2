using System.Text.Json;
using HTensor.Core;
using static HTensor.Rnn.JsonMembers;

namespace HTensor.Rnn;

/// <summary>A format as a JSON object: its name, its ranks, and its modes where they are its own.</summary>
internal static class FormatJson
{
    /// <summary>Whether files of version 2 can say it: the same rank at every bond of a kind, over the model's modes.</summary>
    public static bool IsUniform(IMatrixFormat format) => format switch
    {
        HierarchicalTuckerFormat ht => ht.Ranks is null,
        TensorTrainFormat tt => tt.Ranks.Count == 1,
        TensorRingFormat tr => tr.Ranks.Count == 1,
        BlockTermFormat bt => bt.Ranks.Count == 1,
        _ => format is not (OwnModesFormat or LowRankFormat),
    };

    /// <exception cref="NotSupportedException">The format is none of <see cref="WeightFormat"/>.</exception>
    public static void Write(Utf8JsonWriter writer, IMatrixFormat format)
    {
        writer.WriteStartObject();
        writer.WriteString("format", format.Name);
        if (format is OwnModesFormat own)
        {
            Numbers(writer, "inputModes", own.Modes.Inputs);
            Numbers(writer, "outputModes", own.Modes.Outputs);
            format = own.Format;
        }

        WriteRanks(writer, format);
        writer.WriteEndObject();
    }

    /// <exception cref="FormatException">There is no such member, or it is no format.</exception>
    public static IMatrixFormat Read(JsonElement root, string key)
    {
        var json = Member(root, key, JsonValueKind.Object);
        var format = ReadRanks(json, key);
        return json.TryGetProperty("inputModes", out _) ? WeightFormat.OverModes(format, Numbers(json, "inputModes"), Numbers(json, "outputModes")) : format;
    }

    private static void WriteRanks(Utf8JsonWriter writer, IMatrixFormat format)
    {
        switch (format)
        {
            case HierarchicalTuckerFormat { Ranks: { } ranks } ht:
                Numbers(writer, "ranks", ranks);
                writer.WriteString("tree", ht.TreeText);
                writer.WriteString("identityFrames", Name(ht.Identities));
                break;
            case HierarchicalTuckerFormat ht:
                writer.WriteNumber("leafRank", ht.LeafRank);
                writer.WriteNumber("innerRank", ht.InnerRank);
                writer.WriteString("tree", ht.TreeText);
                break;
            case TensorTrainFormat tt:
                Ranks(writer, tt.Ranks);
                break;
            case TensorRingFormat tr:
                Ranks(writer, tr.Ranks);
                if (tr.Ranks.Count == 1) writer.WriteNumber("closingRank", tr.ClosingRank);
                break;
            case BlockTermFormat bt:
                writer.WriteNumber("blocks", bt.Blocks);
                Ranks(writer, bt.Ranks);
                break;
            case CanonicalPolyadicFormat cp:
                writer.WriteNumber("rank", cp.RankOfBonds);
                break;
            case LowRankFormat low:
                writer.WriteNumber("rank", low.RankOfBonds);
                break;
            case TuckerFormat tucker:
                Numbers(writer, "ranks", tucker.Ranks);
                break;
            case DenseFormat:
                break;
            default:
                throw new NotSupportedException($"model file: format '{format.Name}' is not one that a file can name");
        }
    }

    private static IMatrixFormat ReadRanks(JsonElement json, string key)
    {
        var each = json.TryGetProperty("ranks", out _);
        return Text(json, "format") switch
        {
            "dense" => WeightFormat.Dense,
            "ht" when each => WeightFormat.HierarchicalTucker(Numbers(json, "ranks"), Text(json, "tree"), Choice<IdentityFrames>(json, "identityFrames")),
            "ht" => WeightFormat.HierarchicalTucker(Number(json, "leafRank"), Number(json, "innerRank"), Text(json, "tree")),
            "tt" => WeightFormat.TensorTrain(Ranks(json, each)),
            "tr" when each => WeightFormat.TensorRing(Numbers(json, "ranks")),
            "tr" => WeightFormat.TensorRing(Number(json, "rank"), Number(json, "closingRank")),
            "bt" => WeightFormat.BlockTerm(Number(json, "blocks"), Ranks(json, each)),
            "cp" => WeightFormat.CanonicalPolyadic(Number(json, "rank")),
            "tucker" => WeightFormat.Tucker(Numbers(json, "ranks")),
            "lowrank" => WeightFormat.LowRank(Number(json, "rank")),
            var other => throw new FormatException($"{key}: expected dense, ht, tt, tr, bt, cp, tucker or lowrank, found {other}"),
        };
    }

    private static int[] Ranks(JsonElement json, bool each) => each ? Numbers(json, "ranks") : [Number(json, "rank")];

    private static void Ranks(Utf8JsonWriter writer, IReadOnlyList<int> ranks)
    {
        if (ranks.Count == 1) writer.WriteNumber("rank", ranks[0]);
        else Numbers(writer, "ranks", ranks);
    }
}
