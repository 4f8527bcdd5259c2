using HTensor.Core;
using HTensor.Kernels;
using HTensor.Rnn;

namespace HTensor.Bench;

/// <summary>
/// The published input layers, 57,600 -> 1,024, for 96 samples that lie in memory in lanes. Counted multiply-adds: those of the plan
/// forward; backward, the gradients of the weights and of all activations but the input. What is computed twice is not counted twice.
/// </summary>
internal static class LayerCases
{
    private const int Units = 6;

    private static readonly (string Name, string Preset)[] Layers =
        [("ht", "ht-lstm-ucf11"), ("tt", "tt-lstm-ucf11"), ("bt", "bt-lstm-ucf11-r4"), ("tr", "tr-lstm-ucf11")];

    public static IEnumerable<NamedCase> All(ThreadTeam team) => Layers.SelectMany(layer => new NamedCase[]
    {
        new($"{layer.Name} layer forward 96", () => Create(layer.Name, layer.Preset, backward: false, team)),
        new($"{layer.Name} layer backward 96", () => Create(layer.Name, layer.Preset, backward: true, team)),
    });

    private static BenchCase Create(string name, string preset, bool backward, ThreadTeam team)
    {
        var matrix = PublishedPresets.Find(preset)!.Input().Network;
        var random = new Philox(1);
        var contraction = LaneContraction.Create<float>(matrix, Units);
        for (var core = 0; core < matrix.Cores.Count; core++)
        {
            var values = Normal((int)matrix.CoreLength(core), random);
            contraction.Bind(core, values, new float[values.Length]);
        }

        var input = new MemoryInput(Normal(Units * matrix.Modes.Rows * LaneBlock.Width, random), matrix.Modes.Rows);
        float[] output = new float[Units * matrix.Modes.Columns * LaneBlock.Width], gradient = Normal(output.Length, random);
        contraction.UpdateWeights(team);
        contraction.Forward(input, output, team);

        var plan = LaneContraction.Plan(matrix, Units * LaneBlock.Width);
        var chain = LaneContraction.Carriers(plan).Keys.Sum(step => plan.Steps[step].MultiplyAdds);
        var first = plan.Steps[LaneContraction.Carriers(plan).Keys.First()].MultiplyAdds;
        var bytes = 4.0 * Units * LaneBlock.Width * (matrix.Modes.Rows + matrix.Modes.Columns);
        return backward
            ? new($"{name} layer backward 96", typeof(float), 2 * chain - first, bytes, () => contraction.Backward(input, gradient, default, team), [])
            : new($"{name} layer forward 96", typeof(float), plan.MultiplyAdds, bytes, () => Forward(), []);
    }

    private static float[] Normal(int length, Philox random)
    {
        var values = new float[length];
        random.FillNormal<float>(values, 0.1f);
        return values;
    }

    private sealed class MemoryInput(float[] lanes, int features) : ILaneInput<float>
    {
        public bool IsActive(int unit) => true;

        public void Read(int unit, int first, int count, Span<float> destination) =>
            lanes.AsSpan((unit * features + first) * LaneBlock.Width, count * LaneBlock.Width).CopyTo(destination);
    }
}
