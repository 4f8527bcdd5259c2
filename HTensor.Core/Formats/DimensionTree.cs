using System.Globalization;
using System.Text;

namespace HTensor.Core;

/// <summary>
/// A binary tree over modes 0 to d-1: which modes each node holds, and nothing about ranks. A leaf holds one mode; the modes of a
/// node's left child stand before those of its right child, not necessarily in order.
/// </summary>
public sealed class DimensionTree
{
    private DimensionTree(DimensionTree? left, DimensionTree? right, IReadOnlyList<int> modes) => (Left, Right, Modes) = (left, right, modes);

    /// <summary>Left child; null at a leaf.</summary>
    public DimensionTree? Left { get; }

    /// <summary>Right child; null at a leaf.</summary>
    public DimensionTree? Right { get; }

    /// <summary>Modes that the node holds.</summary>
    public IReadOnlyList<int> Modes { get; }

    public bool IsLeaf => Left is null;

    /// <summary>The node's modes as text, the key of its rank in reports: "0,1".</summary>
    public string Key => string.Join(',', Modes.Select(mode => mode.ToString(CultureInfo.InvariantCulture)));

    /// <exception cref="ArgumentOutOfRangeException">Below 0.</exception>
    public static DimensionTree Leaf(int mode) => mode >= 0
        ? new(null, null, [mode])
        : throw new ArgumentOutOfRangeException(nameof(mode), $"dimension tree: expected a mode of at least 0, found {mode}");

    public static DimensionTree Node(DimensionTree left, DimensionTree right)
    {
        ArgumentNullException.ThrowIfNull(left);
        ArgumentNullException.ThrowIfNull(right);
        return new DimensionTree(left, right, [.. left.Modes, .. right.Modes]);
    }

    /// <summary>Halves at every node, the larger half left: order 5 is (((0,1),2),(3,4)).</summary>
    public static DimensionTree Balanced(int order) => Balanced(0, RequireOrder(order));

    /// <summary>Splits off the last mode at every node: (((0,1),2),3). Its HT is a tensor train with leaf frames.</summary>
    public static DimensionTree Linear(int order)
    {
        var tree = Leaf(0);
        for (var mode = 1; mode < RequireOrder(order); mode++) tree = Node(tree, Leaf(mode));
        return tree;
    }

    /// <summary>Reads <c>balanced</c>, <c>linear</c>, or nested pairs such as <c>(((0,1),2),(3,4))</c>; every mode 0 to d-1 must stand once.</summary>
    /// <exception cref="FormatException">The text is none of these; the message says what is wrong.</exception>
    public static DimensionTree Parse(string text, int order)
    {
        ArgumentNullException.ThrowIfNull(text);
        if (text == "balanced") return Balanced(order);
        if (text == "linear") return Linear(order);
        var position = 0;
        var tree = new Parser(text).Read(ref position, 0);
        if (position != text.Length) throw new FormatException($"dimension tree \"{text}\": expected its end at character {position + 1}, found '{text[position]}'");
        for (var mode = 0; mode < order; mode++)
        {
            var times = tree.Modes.Count(held => held == mode);
            if (times != 1) throw new FormatException($"dimension tree \"{text}\": expected each of the modes 0 to {order - 1} once, found mode {mode} {times} times");
        }

        var extra = tree.Modes.Where(mode => mode >= order).ToArray();
        return extra.Length == 0 ? tree : throw new FormatException($"dimension tree \"{text}\": expected modes 0 to {order - 1}, found mode {extra[0]}");
    }

    /// <summary>All nodes, children before parents, the left child's before the right's; time in proportion to their number.</summary>
    public IReadOnlyList<DimensionTree> Nodes()
    {
        // Root, right, left is the order wanted, backwards.
        var nodes = new List<DimensionTree>();
        var stack = new Stack<DimensionTree>([this]);
        while (stack.TryPop(out var node))
        {
            nodes.Add(node);
            if (node.IsLeaf) continue;
            stack.Push(node.Left!);
            stack.Push(node.Right!);
        }

        nodes.Reverse();
        return nodes;
    }

    /// <summary>The tree as nested pairs, as <see cref="Parse"/> reads it.</summary>
    public override string ToString()
    {
        var text = new StringBuilder();
        Append(text);
        return text.ToString();
    }

    private void Append(StringBuilder text)
    {
        if (IsLeaf)
        {
            text.Append(CultureInfo.InvariantCulture, $"{Modes[0]}");
            return;
        }

        text.Append('(');
        Left!.Append(text);
        text.Append(',');
        Right!.Append(text);
        text.Append(')');
    }

    private static DimensionTree Balanced(int first, int count)
    {
        if (count == 1) return Leaf(first);
        var left = (count + 1) / 2;
        return Node(Balanced(first, left), Balanced(first + left, count - left));
    }

    private static int RequireOrder(int order) =>
        order >= 1 ? order : throw new ArgumentOutOfRangeException(nameof(order), $"dimension tree: expected an order of at least 1, found {order}");

    private sealed class Parser(string text)
    {
        private const int MaximumDepth = 1000;

        public DimensionTree Read(ref int position, int depth)
        {
            if (depth > MaximumDepth) throw new FormatException($"dimension tree: expected at most {MaximumDepth} nested pairs");
            if (position < text.Length && char.IsAsciiDigit(text[position])) return ReadLeaf(ref position);
            Expect('(', ref position);
            var left = Read(ref position, depth + 1);
            Expect(',', ref position);
            var right = Read(ref position, depth + 1);
            Expect(')', ref position);
            return Node(left, right);
        }

        private DimensionTree ReadLeaf(ref int position)
        {
            var start = position;
            while (position < text.Length && char.IsAsciiDigit(text[position])) position++;
            return int.TryParse(text.AsSpan(start, position - start), NumberStyles.None, CultureInfo.InvariantCulture, out var mode)
                ? Leaf(mode)
                : throw new FormatException($"dimension tree \"{text}\": expected a mode of at most {int.MaxValue} at character {start + 1}, found {text[start..position]}");
        }

        private void Expect(char expected, ref int position)
        {
            if (position >= text.Length) throw new FormatException($"dimension tree \"{text}\": expected '{expected}' at character {position + 1}, found the end");
            if (text[position] != expected) throw new FormatException($"dimension tree \"{text}\": expected '{expected}' at character {position + 1}, found '{text[position]}'");
            position++;
        }
    }
}
