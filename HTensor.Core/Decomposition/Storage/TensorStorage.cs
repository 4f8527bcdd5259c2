using System.Globalization;
using System.Numerics;
using System.Runtime.InteropServices;

namespace HTensor.Core;

/// <summary>
/// A tensor in a format as safetensors: its cores by name, singular values by node, and as metadata format, mode sizes, tree, norm and bounds.
/// </summary>
internal static class TensorStorage
{
    private const string Version = "1";
    private const string VersionKey = "tensor.version";
    private const string FormatKey = "tensor.format";
    private const string ModesKey = "tensor.modes";
    private const string TreeKey = "tensor.tree";
    private const string NormKey = "tensor.norm";
    private const string LowerKey = "tensor.errorLowerBound";
    private const string UpperKey = "tensor.errorUpperBound";
    private const string ValuesPrefix = "singularValues.";
    private const int MostModes = 1000;

    public static bool IsTensor(IReadOnlyDictionary<string, string> metadata) => metadata.ContainsKey(FormatKey);

    public static void Save(string path, DecomposedTensor tensor)
    {
        var tensors = tensor.Cores.ToDictionary(core => core.Name, core => core.Values);
        var metadata = new Dictionary<string, string>
        {
            [VersionKey] = Version,
            [FormatKey] = Word(tensor.Format),
            [ModesKey] = string.Join(',', tensor.ModeSizes),
        };
        if (tensor.Tree is { } tree) metadata[TreeKey] = tree.ToString();
        if (tensor.Report is { } report)
        {
            (metadata[NormKey], metadata[LowerKey], metadata[UpperKey]) = (Text(report.Norm), Text(report.ErrorLowerBound), Text(report.ErrorUpperBound));
            foreach (var node in report.Nodes)
                tensors[ValuesPrefix + node.Node] = SafetensorsTensor.From<double>([.. node.Kept, .. node.Dropped], node.Kept.Count + node.Dropped.Count);
        }

        SafetensorsFile.Write(path, tensors, metadata);
    }

    public static DecomposedTensor Load(string path)
    {
        var (file, place) = (SafetensorsFile.Read(path), new DataPlace(path));
        if (!IsTensor(file.Metadata)) throw place.Unexpected("metadata", $"key '{FormatKey}' of a tensor in a format", file.Metadata.Count == 0 ? "none" : string.Join(", ", file.Metadata.Keys.Order()));
        if (file.Metadata.GetValueOrDefault(VersionKey) is not Version) throw (place with { Key = VersionKey }).Unexpected("version", Version, file.Metadata.GetValueOrDefault(VersionKey) ?? "none");
        try
        {
            var type = file.Tensors.Where(pair => !pair.Key.StartsWith(ValuesPrefix, StringComparison.Ordinal)).Select(pair => pair.Value.Type).Distinct().ToArray();
            return type switch
            {
                [SafetensorsType.F32] => Load<float>(file, place),
                [SafetensorsType.F64] => Load<double>(file, place),
                _ => throw place.Unexpected("cores", "all F32 or all F64", type.Length == 0 ? "none" : string.Join(", ", type)),
            };
        }
        catch (Exception exception) when (exception is ArgumentException or FormatException or OverflowException)
        {
            throw place.Wrong(exception);
        }
    }

    private static DecomposedTensor Load<T>(SafetensorsFile file, DataPlace place)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var modes = Modes(file, place);
        var report = Report(file, place);
        switch (file.Metadata[FormatKey])
        {
            case "ht":
                var layout = new TreeLayout(DimensionTree.Parse(Required(file, TreeKey, place), modes.Length));
                SafetensorsTensor[] cores = [.. layout.Nodes.Select(node => Core(file, $"{(node.IsLeaf ? "U" : "B")}{node.Key}", place))];
                var root = layout.Root;
                int[] ranks = [.. cores.Select((core, node) => node == root ? 1 : Last(core))];
                var tucker = new HierarchicalTucker<T>(layout.Nodes[root], modes, ranks, [.. cores.Select(core => Values<T>(core, place))]);
                return Checked(DecomposedTensor.Of(tucker, Split(report, layout.Nodes.Take(root).Select((node, i) => (node.Key, ranks[i])), Siblings(layout), place)), file, place);
            case "tt":
                SafetensorsTensor[] train = [.. modes.Select((_, k) => Core(file, $"G{k}", place))];
                int[] bonds = [1, .. train.Select(Last)];
                var made = new TensorTrain<T>(modes, bonds, [.. train.Select(core => Values<T>(core, place))]);
                return Checked(DecomposedTensor.Of(made, Split(report, Enumerable.Range(1, modes.Length - 1).Select(bond => (TrainSweep.BondName(bond), bonds[bond])), [], place)), file, place);
            case "tucker":
                SafetensorsTensor[] factors = [.. modes.Select((_, k) => Core(file, $"U{k}", place))];
                var held = new Tucker<T>(modes, [.. factors.Select(Last)], Values<T>(Core(file, "C", place), place), [.. factors.Select(core => Values<T>(core, place))]);
                return Checked(DecomposedTensor.Of(held, Split(report, factors.Select((core, k) => ($"{k}", Last(core))), [], place)), file, place);
            default:
                throw (place with { Key = FormatKey }).Unexpected("format", "ht, tt or tucker", $"'{file.Metadata[FormatKey]}'");
        }
    }

    /// <summary>The shapes that the file states must be those that the cores have.</summary>
    private static DecomposedTensor Checked(DecomposedTensor tensor, SafetensorsFile file, DataPlace place)
    {
        foreach (var core in tensor.Cores)
        {
            var stated = file.Tensors[core.Name].Shape;
            if (!stated.SequenceEqual(core.Values.Shape)) throw (place with { Key = core.Name }).Unexpected("shape", ArrayExtent.Text(core.Values.Shape), ArrayExtent.Text(stated));
        }

        return tensor;
    }

    private static HashSet<string> Siblings(TreeLayout layout) => layout.IsLeaf(layout.Root) ? [] : [layout.Nodes[layout.Right[layout.Root]].Key];

    private static (double Norm, double Lower, double Upper, SafetensorsFile File)? Report(SafetensorsFile file, DataPlace place) =>
        file.Metadata.ContainsKey(NormKey) ? (Number(file, NormKey, place), Number(file, LowerKey, place), Number(file, UpperKey, place), file) : null;

    private static TruncationReport? Split((double Norm, double Lower, double Upper, SafetensorsFile File)? report, IEnumerable<(string Node, int Rank)> nodes, HashSet<string> siblings, DataPlace place)
    {
        if (report is not { } known) return null;
        return TruncationReport.Of([.. nodes.Select(node => NodeOf(node.Node, node.Rank))], known.Norm, known.Lower, known.Upper);

        NodeTruncation NodeOf(string node, int rank)
        {
            var name = ValuesPrefix + node;
            var values = Core(known.File, name, place);
            if (values.Type != SafetensorsType.F64) throw (place with { Key = name }).Unexpected("dtype", "F64", $"{values.Type}");
            if (values.Count < rank) throw (place with { Key = name }).Unexpected("singular values", $"{rank} or more, the node's rank", $"{values.Count}");
            return NodeTruncation.Of(node, values.As<double>(), rank, siblings.Contains(node) ? ErrorShare.Sibling : ErrorShare.Own);
        }
    }

    private static int[] Modes(SafetensorsFile file, DataPlace place)
    {
        var text = Required(file, ModesKey, place);
        var words = text.Split(',');
        var modes = new int[Math.Min(words.Length, MostModes + 1)];
        for (var k = 0; k < modes.Length; k++)
        {
            if (!int.TryParse(words[k], NumberStyles.None, CultureInfo.InvariantCulture, out modes[k]) || modes[k] < 1)
                throw (place with { Key = ModesKey }).Unexpected("mode sizes", "whole numbers of at least 1 such as 8,10,10", $"'{text}'");
        }

        return modes.Length <= MostModes ? modes : throw (place with { Key = ModesKey }).Unexpected("modes", $"at most {MostModes}", $"{words.Length}");
    }

    private static SafetensorsTensor Core(SafetensorsFile file, string name, DataPlace place) => file.Tensors.TryGetValue(name, out var core)
        ? core
        : throw place.Unexpected("tensors", $"'{name}' among them", string.Join(", ", file.Tensors.Keys.Order(StringComparer.Ordinal)));

    private static T[] Values<T>(SafetensorsTensor core, DataPlace place)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var values = core.As<T>().ToArray();
        var wrong = Array.FindIndex(values, value => !T.IsFinite(value));
        return wrong < 0 ? values : throw place.Unexpected($"core {ArrayExtent.Text(core.Shape)}, element {wrong}", "a finite number", $"{values[wrong]}");
    }

    private static int Last(SafetensorsTensor core) => core.Shape.Count > 0 ? core.Shape[^1] : 0;

    private static string Required(SafetensorsFile file, string key, DataPlace place) =>
        file.Metadata.TryGetValue(key, out var text) ? text : throw place.Unexpected("metadata", $"key '{key}'", string.Join(", ", file.Metadata.Keys.Order(StringComparer.Ordinal)));

    private static double Number(SafetensorsFile file, string key, DataPlace place)
    {
        var text = Required(file, key, place);
        return double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) && double.IsFinite(number)
            ? number
            : throw (place with { Key = key }).Unexpected("number", "a finite one", $"'{text}'");
    }

    private static string Word(TensorFormat format) => format switch
    {
        TensorFormat.HierarchicalTucker => "ht",
        TensorFormat.TensorTrain => "tt",
        _ => "tucker",
    };

    private static string Text(double value) => value.ToString("R", CultureInfo.InvariantCulture);
}
