using System.Numerics;
using HTensor.Core;
using HTensor.Kernels;

namespace HTensor.Autodiff;

/// <summary>
/// A tensor in hierarchical Tucker form whose cores are variables of a tape: verbs are recorded as operations of cores, node by node, so that gradients go
/// through them to the first tensors' cores. Frames are [n, r], transfer tensors [r_left, r_right, r], the root's [r_left, r_right]; two modes or more.
/// </summary>
public sealed class TapeTensor<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly Tape<T> _tape;
    private readonly DimensionTree[] _nodes;
    private readonly int[] _left;
    private readonly int[] _right;

    /// <param name="tape">The tape that owns the cores.</param>
    /// <param name="tree">The tree, of two modes or more.</param>
    /// <param name="cores">One of each node in the order of <see cref="DimensionTree.Nodes"/>.</param>
    /// <exception cref="ArgumentException">A count or shape does not fit; the message names the node.</exception>
    public TapeTensor(Tape<T> tape, DimensionTree tree, IReadOnlyList<Variable<T>> cores)
    {
        ArgumentNullException.ThrowIfNull(tape);
        ArgumentNullException.ThrowIfNull(tree);
        ArgumentNullException.ThrowIfNull(cores);
        if (tree.IsLeaf) throw new ArgumentException("tensor on a tape: expected two modes or more, found one");
        (_tape, Tree, _nodes, Cores) = (tape, tree, [.. tree.Nodes()], [.. cores]);
        var index = _nodes.Select((node, i) => (node, i)).ToDictionary(pair => pair.node, pair => pair.i);
        _left = [.. _nodes.Select(node => node.IsLeaf ? -1 : index[node.Left!])];
        _right = [.. _nodes.Select(node => node.IsLeaf ? -1 : index[node.Right!])];
        OperationShape.RequireCount("tensor on a tape", _nodes.Length, Cores.Count);
        for (var t = 0; t < _nodes.Length; t++)
        {
            var shape = Cores[t].Shape;
            if (shape.Count != (IsPair(t) ? 3 : 2)) throw new ArgumentException($"tensor on a tape, node {{{_nodes[t].Key}}}: expected a core of {(IsPair(t) ? 3 : 2)} indices, found [{string.Join(", ", shape)}]");
            if (!_nodes[t].IsLeaf && (shape[0] != Cores[_left[t]].Shape[^1] || shape[1] != Cores[_right[t]].Shape[^1]))
                throw new ArgumentException($"tensor on a tape, node {{{_nodes[t].Key}}}: expected the ranks {Cores[_left[t]].Shape[^1]} and {Cores[_right[t]].Shape[^1]} of its children, found [{string.Join(", ", shape)}]");
        }
    }

    public DimensionTree Tree { get; }

    /// <summary>The core of each node in the order of <see cref="DimensionTree.Nodes"/>.</summary>
    public IReadOnlyList<Variable<T>> Cores { get; }

    private int Root => _nodes.Length - 1;

    /// <summary>A tensor's cores as differentiable inputs of a tape, their values written.</summary>
    public static TapeTensor<T> Input(Tape<T> tape, string name, HierarchicalTucker<T> x)
    {
        ArgumentNullException.ThrowIfNull(tape);
        ArgumentNullException.ThrowIfNull(x);
        var nodes = x.Tree.Nodes();
        var ranks = nodes.Select((node, t) => (node, rank: x.Ranks[t])).ToDictionary(pair => pair.node, pair => pair.rank);
        var cores = new Variable<T>[nodes.Count];
        for (var t = 0; t < cores.Length; t++)
        {
            var node = nodes[t];
            int[] shape = node.IsLeaf ? [x.ModeSizes[node.Modes[0]], x.Ranks[t]] : t == cores.Length - 1 ? [ranks[node.Left!], ranks[node.Right!]] : [ranks[node.Left!], ranks[node.Right!], x.Ranks[t]];
            cores[t] = tape.Input($"{name}.{node.Key}", shape, InputGradients.Computed);
            x.Core(t).CopyTo(cores[t].Value);
        }

        return new TapeTensor<T>(tape, x.Tree, cores);
    }

    /// <summary>All entries, [n_0, ..., n_(d-1)].</summary>
    public Variable<T> ToDense()
    {
        var frames = new Variable<T>[_nodes.Length];
        for (var t = 0; t < frames.Length; t++)
        {
            var (left, right) = (_left[t], _right[t]);
            frames[t] = left < 0 ? Cores[t] : Contract("frame", t == Root ? [.. Tree.Modes.Order().Select(Mode)] : [.. _nodes[t].Modes.Select(Mode), "c"],
                (frames[left], [.. _nodes[left].Modes.Select(Mode), "a"]), (frames[right], [.. _nodes[right].Modes.Select(Mode), "b"]), (Cores[t], Labels(t, "a", "b", "c")));
        }

        return frames[Root];

        static string Mode(int mode) => $"i{mode}";
    }

    /// <summary>sum X[i] Y[i], [1].</summary>
    /// <exception cref="ArgumentException">Another tree.</exception>
    public Variable<T> Inner(TapeTensor<T> other)
    {
        RequireSame("inner product", other);
        var products = new Variable<T>[_nodes.Length];
        for (var t = 0; t < products.Length; t++)
        {
            var (left, right) = (_left[t], _right[t]);
            products[t] = left < 0
                ? Contract("inner product", ["c", "c'"], (Cores[t], ["i", "c"]), (other.Cores[t], ["i", "c'"]))
                : Contract("inner product", t == Root ? [] : ["c", "c'"], (products[left], ["a", "a'"]), (products[right], ["b", "b'"]),
                    (Cores[t], Labels(t, "a", "b", "c")), (other.Cores[t], Labels(t, "a'", "b'", "c'")));
        }

        return products[Root];
    }

    /// <summary>||X||, [1], from orthonormal frames.</summary>
    public Variable<T> Norm() => _tape.Record(new FrobeniusNorm<T>("norm"), Orthogonalize().Cores[Root]);

    /// <summary>w_x X + w_y Y: ranks add up.</summary>
    /// <exception cref="ArgumentException">Another tree, or other mode sizes.</exception>
    public TapeTensor<T> Add(TapeTensor<T> other, T weight, T weightOfOther)
    {
        RequireSame("add", other);
        return Map(t => _tape.Record(new CoreSum<T>("add", Stacked(t), t == Root ? [weight, weightOfOther] : [T.One, T.One]), Cores[t], other.Cores[t]));
    }

    /// <summary>X + Y.</summary>
    /// <exception cref="ArgumentException">Another tree, or other mode sizes.</exception>
    public TapeTensor<T> Add(TapeTensor<T> other) => Add(other, T.One, T.One);

    /// <summary>X - Y.</summary>
    /// <exception cref="ArgumentException">Another tree, or other mode sizes.</exception>
    public TapeTensor<T> Subtract(TapeTensor<T> other) => Add(other, T.One, T.NegativeOne);

    /// <summary>factor X.</summary>
    public TapeTensor<T> Scale(T factor) => Map(t => t == Root ? _tape.Record(new CoreSum<T>("scale", StackedIndices.None, factor), Cores[t]) : Cores[t]);

    /// <summary>The element-wise product: ranks multiply.</summary>
    /// <exception cref="ArgumentException">Another tree, or other mode sizes.</exception>
    public TapeTensor<T> Multiply(TapeTensor<T> other)
    {
        RequireSame("element-wise product", other);
        return Map(t => _tape.Record(new CoreProduct<T>("element-wise product", _nodes[t].IsLeaf ? MiddleIndex.Mode : MiddleIndex.Rank), Cores[t], other.Cores[t]));
    }

    /// <summary>The same tensor with orthonormal frames at every node but the root, by QR from the leaves to the root.</summary>
    public TapeTensor<T> Orthogonalize()
    {
        var (cores, triangles) = (new Variable<T>[_nodes.Length], new Variable<T>[_nodes.Length]);
        for (var t = 0; t < cores.Length; t++)
        {
            var core = Cores[t];
            if (_left[t] >= 0)
            {
                core = Contract("orthogonalize", Labels(t, "i", "j", "c"), (triangles[_left[t]], ["i", "a"]), (triangles[_right[t]], ["j", "b"]), (core, Labels(t, "a", "b", "c")));
            }

            cores[t] = t == Root ? core : _tape.Record(new QrFactor<T>("frame", QrPart.Orthonormal), core);
            if (t != Root) triangles[t] = _tape.Record(new QrFactor<T>("triangle", QrPart.Triangular), core);
        }

        return new TapeTensor<T>(_tape, Tree, cores);
    }

    /// <summary>
    /// X truncated to ranks, from orthonormal frames: of each node the leading singular vectors, found from the root to the leaves. Differentiable where the
    /// last value that is kept and the first that is dropped differ.
    /// </summary>
    /// <param name="rank">The largest rank of a node; one that has less keeps it.</param>
    public TapeTensor<T> Truncate(int rank)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(rank, 1);
        var x = Orthogonalize();
        var (above, kept) = (new Variable<T>[_nodes.Length], new Variable<T>[_nodes.Length]);
        for (var t = Root; t >= 0; t--)
        {
            if (t != Root) kept[t] = _tape.Record(new SvdFactor<T>("leading vectors", SvdPart.Right, int.Min(rank, above[t].Shape.Min())), above[t]);
            if (_left[t] < 0) continue;
            // Unfoldings [all else, child], weighted by what is above: their triangles have the child's singular values and right vectors.
            string[] core = Labels(t, "a", "b", "c");
            above[_left[t]] = Triangle(t, x.Cores[t], core, ["b", "k", "a"]);
            above[_right[t]] = Triangle(t, x.Cores[t], core, ["a", "k", "b"]);
        }

        return Map(t => _left[t] < 0
            ? Contract("truncate", ["i", "k"], (x.Cores[t], ["i", "c"]), (kept[t], ["k", "c"]))
            : t == Root
                ? Contract("truncate", ["p", "q"], (kept[_left[t]], ["p", "a"]), (kept[_right[t]], ["q", "b"]), (x.Cores[t], ["a", "b"]))
                : Contract("truncate", ["p", "q", "k"], (kept[_left[t]], ["p", "a"]), (kept[_right[t]], ["q", "b"]), (x.Cores[t], ["a", "b", "c"]), (kept[t], ["k", "c"])));

        Variable<T> Triangle(int t, Variable<T> core, string[] labels, string[] unfolding)
        {
            if (t != Root) return _tape.Record(new QrFactor<T>("above", QrPart.Triangular), Contract("unfolding", unfolding, (core, labels), (above[t], ["k", "c"])));
            return _tape.Record(new QrFactor<T>("above", QrPart.Triangular), unfolding[^1] == "b" ? core : Turned(core));
        }

        // A product with the identity: the transpose of the root's core.
        Variable<T> Turned(Variable<T> core)
        {
            var one = _tape.Input("identity", [core.Shape[0], core.Shape[0]]);
            for (var i = 0; i < core.Shape[0]; i++) one.Value.Span[i * core.Shape[0] + i] = T.One;
            return Contract("unfolding", ["b", "p"], (core, ["a", "b"]), (one, ["a", "p"]));
        }
    }

    private bool IsPair(int t) => t != Root && !_nodes[t].IsLeaf;

    private string[] Labels(int t, string first, string second, string third) => t == Root ? [first, second] : [first, second, third];

    private StackedIndices Stacked(int t) => t == Root ? StackedIndices.Second | StackedIndices.Third
        : _nodes[t].IsLeaf ? StackedIndices.Third
        : StackedIndices.First | StackedIndices.Second | StackedIndices.Third;

    private TapeTensor<T> Map(Func<int, Variable<T>> core) => new(_tape, Tree, [.. Enumerable.Range(0, _nodes.Length).Select(core)]);

    private void RequireSame(string verb, TapeTensor<T> other)
    {
        ArgumentNullException.ThrowIfNull(other);
        if (Tree.ToString() != other.Tree.ToString()) throw new ArgumentException($"{verb}: expected the same dimension tree, found {Tree} and {other.Tree}");
    }

    private Variable<T> Contract(string name, string[] result, params (Variable<T> Variable, string[] Labels)[] operands)
    {
        var sizes = new Dictionary<string, int>();
        foreach (var (variable, labels) in operands)
        {
            for (var k = 0; k < labels.Length; k++) sizes[labels[k]] = variable.Shape[k];
        }

        var network = new TensorNetwork([.. operands.Select((operand, i) => new NetworkOperand($"x{i}", operand.Labels))], result, sizes);
        return _tape.Record(new Contraction<T>(name, network), [.. operands.Select(operand => operand.Variable)]);
    }
}
