using System.Globalization;

namespace HTensor.Core;

/// <summary>The cores of a tree over paired modes, from the leaves to the root; see <see cref="IdentityFrames"/> for those that need not be.</summary>
internal sealed class TreeCores(Dictionary<DimensionTree, int> ranks, MatrixModes modes, IdentityFrames identities)
{
    private readonly List<NetworkOperand> _cores = [];
    private readonly Dictionary<string, int> _bonds = [];

    /// <summary>The labels that each node leaves to its parent.</summary>
    private readonly Dictionary<DimensionTree, IReadOnlyList<string>> _passed = [];

    /// <param name="nodes">Children before parents.</param>
    public MatrixNetwork Network(IReadOnlyList<(DimensionTree Node, int Rank)> nodes)
    {
        foreach (var (node, _) in nodes) Add(node);
        // One core alone is the matrix itself, in its own order of modes.
        if (_cores is [{ Modes: var labels } only]) _cores[0] = only with { Modes = [.. labels.OrderByDescending(label => label[0]).ThenBy(Number)] };
        return new MatrixNetwork(modes, _cores, _bonds);
    }

    private static string Bond(DimensionTree node) => $"r{node.Key}";

    private void Add(DimensionTree node)
    {
        var isRoot = node.Modes.Count == modes.Inputs.Count;
        IReadOnlyList<string> reads = node.IsLeaf
            ? [MatrixNetwork.InputLabel(node.Modes[0]), MatrixNetwork.OutputLabel(node.Modes[0])]
            : [.. _passed[node.Left!], .. _passed[node.Right!]];
        if (isRoot)
        {
            if (!Absorbed(node)) _cores.Add(new NetworkOperand(Name(node), reads));
            return;
        }

        if (identities == IdentityFrames.LeftOut && ranks[node] == Volume(reads))
        {
            _passed[node] = reads;
            return;
        }

        _bonds[Bond(node)] = ranks[node];
        _passed[node] = [Bond(node)];
        _cores.Add(new NetworkOperand(Name(node), [.. reads, Bond(node)]));
    }

    /// <summary>Puts what one child passes on in the place of the other's bond, where the root's matrix would be square.</summary>
    private bool Absorbed(DimensionTree root)
    {
        if (identities == IdentityFrames.Stored || root.IsLeaf) return false;
        foreach (var (child, other) in ((DimensionTree, DimensionTree)[])[(root.Left!, root.Right!), (root.Right!, root.Left!)])
        {
            var at = _cores.FindIndex(core => core.Name == Name(child));
            if (at < 0 || _passed[child] is not [var bond] || ranks[child] != Volume(_passed[other])) continue;
            _cores[at] = _cores[at] with { Modes = [.. _cores[at].Modes.Where(label => label != bond), .. _passed[other]] };
            _bonds.Remove(bond);
            return true;
        }

        return false;
    }

    private static string Name(DimensionTree node) => $"{(node.IsLeaf ? 'U' : 'B')}{node.Key}";

    private double Volume(IReadOnlyList<string> labels) => labels.Aggregate(1.0, (product, label) => product * Size(label));

    private int Size(string label) => _bonds.TryGetValue(label, out var rank) ? rank : (label[0] == 'n' ? modes.Inputs : modes.Outputs)[Number(label)];

    private static int Number(string label) => int.Parse(label.AsSpan(1), CultureInfo.InvariantCulture);
}
