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

    /// <summary>Samples in lanes for a layer.</summary>
    public static ILaneInput<float> RandomInput(MatrixNetwork matrix, int units) =>
        new MemoryInput(Normal(units * matrix.Modes.Rows * LaneBlock.Width, new Philox(1)), matrix.Modes.Rows);

    /// <summary>A forward and a backward pass of a layer by a plan, on one thread.</summary>
    public static Action Pass(MatrixNetwork matrix, int units, ILaneInput<float> input, ContractionPlan plan)
    {
        var layer = new Layer(matrix, units, input, plan, ThreadTeam.Inline);
        return () =>
        {
            layer.Forward();
            layer.Backward();
        };
    }

    private static BenchCase Create(string name, string preset, bool backward, ThreadTeam team)
    {
        var matrix = PublishedPresets.Find(preset)!.Input().Network;
        var plan = LaneContraction.Plan(matrix, Units * LaneBlock.Width);
        var layer = new Layer(matrix, Units, RandomInput(matrix, Units), plan, team);
        layer.Forward();

        var chain = LaneContraction.Carriers(plan).Keys.Sum(step => plan.Steps[step].MultiplyAdds);
        var first = plan.Steps[LaneContraction.Carriers(plan).Keys.First()].MultiplyAdds;
        var bytes = 4.0 * Units * LaneBlock.Width * (matrix.Modes.Rows + matrix.Modes.Columns);
        return backward
            ? new($"{name} layer backward 96", typeof(float), 2 * chain - first, bytes, layer.Backward, [])
            : new($"{name} layer forward 96", typeof(float), plan.MultiplyAdds, bytes, layer.Forward, []);
    }

    private static float[] Normal(int length, Philox random)
    {
        var values = new float[length];
        random.FillNormal<float>(values, 0.1f);
        return values;
    }

    /// <summary>A layer of random weights with its output and the gradient that comes back.</summary>
    private sealed class Layer
    {
        private readonly ILaneContraction<float> _contraction;
        private readonly ILaneInput<float> _input;
        private readonly ThreadTeam _team;
        private readonly float[] _output, _gradient;

        public Layer(MatrixNetwork matrix, int units, ILaneInput<float> input, ContractionPlan plan, ThreadTeam team)
        {
            (_input, _team) = (input, team);
            var random = new Philox(2);
            _contraction = LaneContraction.Create<float>(matrix, units, null, plan);
            for (var core = 0; core < matrix.Cores.Count; core++)
            {
                var values = Normal((int)matrix.CoreLength(core), random);
                _contraction.Bind(core, values, new float[values.Length]);
            }

            _output = new float[units * matrix.Modes.Columns * LaneBlock.Width];
            _gradient = Normal(_output.Length, random);
        }

        public void Forward()
        {
            _contraction.UpdateWeights(_team);
            _contraction.Forward(_input, _output, _team);
        }

        public void Backward() => _contraction.Backward(_input, _gradient, default, _team);
    }

    private sealed class MemoryInput(float[] lanes, int features) : ILaneInput<float>
    {
        public bool IsActive(int unit) => true;

        public void Read(int unit, int first, int count, Span<float> destination) =>
            lanes.AsSpan((unit * features + first) * LaneBlock.Width, count * LaneBlock.Width).CopyTo(destination);
    }
}
