using HTensor.Autodiff;
using HTensor.Core;
using HTensor.Kernels;
using HTensor.Rnn;

namespace HTensor.Bench;

/// <summary>
/// A training step of the published layers over generated video: 16 clips of 6 frames of 57,600 bytes, hidden 256, reading, AdamW included;
/// beside each the dense LSTM's. The limit counts the exact minimum of multiply-adds forward, as many for the weights' gradients, as many
/// for the activations', the first product's left out; the recurrent products three times; and what must be read and written.
/// </summary>
internal static class TrainingCases
{
    private const int Batch = 16;
    private const int Hidden = 256;
    private const int Samples = Batch * GeneratedVideo.Frames;
    private static readonly string[] Presets = ["ht-lstm-ucf11", "tt-lstm-ucf11", "tr-lstm-ucf11", "bt-lstm-ucf11-r4"];

    public static IEnumerable<NamedCase> All(ThreadTeam team)
    {
        var dense = new Lazy<Step>(() => new Step(PublishedPresets.Find("lstm-ucf11")!, team));
        return
        [
            .. Presets.Select(name => new NamedCase($"training step {name}", () => Create(name, team, [new Peer("dense LSTM, ours", () => dense.Value.Run())]))),
            new NamedCase("training step lstm-ucf11", () => Create("lstm-ucf11", team, [])),
        ];
    }

    private static BenchCase Create(string name, ThreadTeam team, IReadOnlyList<Peer> peers)
    {
        var step = new Step(PublishedPresets.Find(name)!, team);
        var plan = LaneContraction.Plan(step.Layout.Input.Network, Samples, PlanObjective.MultiplyAdds);
        var first = plan.Steps[LaneContraction.Carriers(plan).Keys.First()].MultiplyAdds;
        var recurrent = 3.0 * Samples * Hidden * 4 * Hidden;
        // Weights: read forward, read backward; gradient, both moments and the weights read and written by the optimizer.
        var bytes = (double)Batch * GeneratedVideo.ClipBytes + 7.0 * sizeof(float) * step.Layout.Parameters.Sum(parameter => (double)parameter.Length);
        return new BenchCase($"training step {name}", typeof(float), 3 * plan.MultiplyAdds - first + recurrent, bytes, step.Run, peers);
    }

    private sealed class Step
    {
        private readonly ThreadTeam _team;
        private readonly GeneratedVideo _clips = new(1, Batch);
        private readonly int[] _samples = [.. Enumerable.Range(0, Batch)];
        private readonly ParameterSet<float> _parameters;
        private readonly ClassifierNetwork<float> _network;
        private readonly AdamW<float> _optimizer;
        private readonly GradientNorm<float> _norm = new();

        public Step(Preset preset, ThreadTeam team)
        {
            _team = team;
            Layout = new ClassifierLayout(new ModelOptions
            {
                InputModes = preset.InputModes,
                HiddenModes = preset.HiddenModes,
                InputWeights = preset.Format,
                Classes = GeneratedVideo.ClassNames,
            });
            _parameters = new ParameterSet<float>(Layout.Parameters);
            ClassifierInitializer.Fill(Layout, _parameters, 1);
            var scaling = FrameScaling.Measure(_clips, _samples);
            var batch = new LaneBatch<float>(Batch, GeneratedVideo.Frames, Layout.FrameSize, FrameElement.UInt8, scaling);
            _network = new ClassifierNetwork<float>(Layout, _parameters, batch, TapePurpose.Training);
            _optimizer = new AdamW<float>(_parameters);
        }

        public ClassifierLayout Layout { get; }

        public void Run()
        {
            _network.Batch.Load(_clips, _samples, _team);
            _network.Tape.Forward(_team);
            _network.Tape.Backward(_network.Loss, _team);
            var scale = GradientClipping.Scale(_norm.Of(_network.Tape.ParameterGradients, _team), 5);
            _optimizer.Step(_parameters, _network.Tape.ParameterGradients, 1e-4, scale, _team);
        }
    }
}
