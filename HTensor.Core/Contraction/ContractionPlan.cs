using System.Globalization;
using System.Text;

namespace HTensor.Core;

/// <summary>An order of pairwise products for a network: data that prints as a table and can be reused.</summary>
public sealed class ContractionPlan
{
    private readonly IReadOnlyList<int>[] _nodeModes;

    internal ContractionPlan(TensorNetwork network, PlanObjective objective, IReadOnlyList<(int Left, int Right)> order)
    {
        Network = network;
        Objective = objective;
        var nodes = new List<IReadOnlyList<int>>(Enumerable.Range(0, network.Operands.Count).Select(network.OperandModes));
        var open = new HashSet<int>(Enumerable.Range(0, network.Operands.Count));
        var steps = new List<ContractionStep>();
        foreach (var (left, right) in order)
        {
            open.Remove(left);
            open.Remove(right);
            var all = nodes[left].Union(nodes[right]).ToArray();
            var kept = all.Where(mode => network.ResultModes.Contains(mode) || open.Any(node => nodes[node].Contains(mode))).ToArray();
            steps.Add(new ContractionStep(left, right, kept, network.Volume(all), network.Volume(kept)));
            open.Add(nodes.Count);
            nodes.Add(kept);
        }

        Steps = steps;
        _nodeModes = [.. nodes];
    }

    public TensorNetwork Network { get; }

    public PlanObjective Objective { get; }

    public IReadOnlyList<ContractionStep> Steps { get; }

    /// <summary>Multiply-adds of the whole network.</summary>
    public double MultiplyAdds => Steps.Sum(step => step.MultiplyAdds);

    /// <summary>Elements of the largest intermediate; the result itself is not counted.</summary>
    public double LargestIntermediate => Steps.SkipLast(1).Select(step => step.ResultElements).DefaultIfEmpty(0).Max();

    /// <summary>Elements read and written by all steps.</summary>
    public double ElementsMoved => Steps.Sum(step => ElementsMovedBy(step));

    /// <summary>Mode ids of a node, in the order in which a step leaves them.</summary>
    public IReadOnlyList<int> NodeModes(int node) => _nodeModes[node];

    /// <summary>Elements that a step reads and writes.</summary>
    public double ElementsMovedBy(ContractionStep step)
    {
        ArgumentNullException.ThrowIfNull(step);
        return Network.Volume(_nodeModes[step.Left]) + Network.Volume(_nodeModes[step.Right]) + step.ResultElements;
    }

    /// <summary>A node by its operand's name, or <c>tK</c> for the result of step K.</summary>
    public string NodeName(int node) =>
        node < Network.Operands.Count ? Network.Operands[node].Name : string.Create(CultureInfo.InvariantCulture, $"t{node - Network.Operands.Count}");

    /// <summary>A step as einsum: <c>x[b,n0,n1] * U1[n1,m1,r1] -> [b,n0,m1,r1]</c>.</summary>
    public string Describe(ContractionStep step)
    {
        ArgumentNullException.ThrowIfNull(step);
        return $"{Node(step.Left)} * {Node(step.Right)} -> [{Join(step.Modes)}]";
        string Node(int node) => $"{NodeName(node)}[{Join(_nodeModes[node])}]";
        string Join(IEnumerable<int> modes) => string.Join(',', modes.Select(mode => Network.Labels[mode]));
    }

    public override string ToString()
    {
        var text = new StringBuilder();
        for (var i = 0; i < Steps.Count; i++)
            text.AppendLine(CultureInfo.InvariantCulture, $"t{i}  {Describe(Steps[i])}  {Steps[i].MultiplyAdds:N0} multiply-adds");
        return text.ToString();
    }
}
