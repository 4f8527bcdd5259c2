using System.Globalization;
using System.Text;
using HTensor.Core;

namespace HTensor.Cli;

/// <summary>
/// The cores of a weight matrix as inline SVG: of hierarchical Tucker its dimension tree, the root above; of any other format the cores in a row, a line for each bond, and a dot
/// where a bond joins several. Bonds carry their ranks, cores their sizes.
/// </summary>
internal static class NetworkDrawing
{
    private const int Step = 104;
    private const int BoxWidth = 92;
    private const int BoxHeight = 40;
    private const int Level = 84;
    private const int Margin = 8;

    public static string Draw(MatrixNetwork network, DimensionTree? tree) => tree is null ? Row(network) : Tree(network, tree);

    private static string Tree(MatrixNetwork network, DimensionTree tree)
    {
        var places = new Dictionary<DimensionTree, (double X, double Y)>();
        var (leaves, depth) = (0, Depth(tree));
        Place(tree, 0);
        var svg = new Drawing(Math.Max(leaves, 2) * Step, depth * Level + BoxHeight);
        foreach (var (node, place) in places)
        {
            foreach (var child in (DimensionTree?[])[node.Left, node.Right])
                if (child is not null) svg.Line(place, places[child], Rank(network, $"r{child.Key}"));
        }

        foreach (var (node, (x, y)) in places) svg.Core(network, CoreOf(network, $"{(node.IsLeaf ? "U" : "B")}{node.Key}"), x, y);
        return svg.End("dimension tree");

        void Place(DimensionTree node, int level)
        {
            if (node.IsLeaf)
            {
                places[node] = (leaves++ * Step + Step / 2.0, level * Level + BoxHeight / 2.0);
                return;
            }

            Place(node.Left!, level + 1);
            Place(node.Right!, level + 1);
            places[node] = ((places[node.Left!].X + places[node.Right!].X) / 2, level * Level + BoxHeight / 2.0);
        }
    }

    private static string Row(MatrixNetwork network)
    {
        var count = network.Cores.Count;
        // What joins cores that are not neighbours goes above the row.
        var bonds = network.Bonds.Select(bond => (bond.Key, Ends: Enumerable.Range(0, count).Where(core => network.Cores[core].Modes.Contains(bond.Key)).ToArray())).ToArray();
        var far = bonds.Where(bond => bond.Ends.Length != 2 || bond.Ends[1] - bond.Ends[0] != 1).ToArray();
        var y = far.Length > 0 ? Level + BoxHeight / 2.0 : BoxHeight / 2.0;
        var svg = new Drawing(Math.Max(count, 2) * Step, y + BoxHeight / 2.0);
        for (var i = 0; i < far.Length; i++)
        {
            var dot = (X: (i + 1.0) * Math.Max(count, 2) * Step / (far.Length + 1), Y: 10.0);
            foreach (var core in far[i].Ends) svg.Line(dot, (At(core), y), "");
            svg.Dot(dot, Rank(network, far[i].Key));
        }

        foreach (var (bond, ends) in bonds.Except(far)) svg.Line((At(ends[0]), y), (At(ends[1]), y), Rank(network, bond));
        for (var core = 0; core < count; core++) svg.Core(network, core, At(core), y);
        return svg.End("cores of the input matrix");

        static double At(int core) => core * Step + Step / 2.0;
    }

    private static int Depth(DimensionTree node) => node.IsLeaf ? 0 : 1 + Math.Max(Depth(node.Left!), Depth(node.Right!));

    private static int CoreOf(MatrixNetwork network, string name) => Enumerable.Range(0, network.Cores.Count).First(core => network.Cores[core].Name == name);

    private static string Rank(MatrixNetwork network, string bond) => network.Bonds[bond].ToString(CultureInfo.InvariantCulture);

    private sealed class Drawing(double width, double height)
    {
        private readonly StringBuilder _lines = new(), _boxes = new();

        public void Line((double X, double Y) from, (double X, double Y) to, string rank)
        {
            _lines.AppendLine(CultureInfo.InvariantCulture, $"<line class=\"bond\" x1=\"{from.X:0.#}\" y1=\"{from.Y:0.#}\" x2=\"{to.X:0.#}\" y2=\"{to.Y:0.#}\"/>");
            if (rank.Length > 0) Text(_boxes, "rank", (from.X + to.X) / 2, (from.Y + to.Y) / 2 + 4, rank);
        }

        public void Dot((double X, double Y) at, string rank)
        {
            _boxes.AppendLine(CultureInfo.InvariantCulture, $"<circle class=\"dot\" cx=\"{at.X:0.#}\" cy=\"{at.Y:0.#}\" r=\"4\"/>");
            Text(_boxes, "rank", at.X + 14, at.Y + 4, rank);
        }

        public void Core(MatrixNetwork network, int core, double x, double y)
        {
            var shape = network.CoreShape(core);
            _boxes.AppendLine(CultureInfo.InvariantCulture, $"<rect class=\"core\" x=\"{x - BoxWidth / 2.0:0.#}\" y=\"{y - BoxHeight / 2.0:0.#}\" width=\"{BoxWidth}\" height=\"{BoxHeight}\" rx=\"6\"/>");
            Text(_boxes, "name", x, y - 3, network.Cores[core].Name);
            Text(_boxes, "size", x, y + 13, shape.Count <= 4 ? Words.Modes(shape) : Words.Count(network.CoreLength(core)) + " numbers");
        }

        public string End(string label) => string.Create(CultureInfo.InvariantCulture,
            $"<svg class=\"network\" viewBox=\"{-Margin} {-Margin} {width + 2 * Margin:0.#} {height + 2 * Margin:0.#}\" style=\"max-width:{width:0}px\" role=\"img\" aria-label=\"{label}\">{_lines}{_boxes}</svg>");

        private static void Text(StringBuilder to, string kind, double x, double y, string text) =>
            to.AppendLine(CultureInfo.InvariantCulture, $"<text class=\"{kind}\" x=\"{x:0.#}\" y=\"{y:0.#}\">{HtmlText.Escape(text)}</text>");
    }
}
