using System.Numerics;
using System.Runtime.CompilerServices;
using HTensor.Core;
using HTensor.Kernels;
using HTensor.Rnn;

namespace HTensor.Bench;

/// <summary>
/// A training step of the published layers: 16 clips of 6 frames of 57,600 bytes, hidden 256, AdamW included; beside each the dense LSTM's.
/// The limit counts the exact minimum of multiply-adds forward, as many for the weights' gradients, as many for the activations', the
/// first product's left out; the recurrent products three times; and what must be read and written.
/// </summary>
internal static class TrainingCases
{
    private const int Batch = 16;
    private const int Hidden = 256;
    private const int Samples = Batch * GeneratedVideo.Frames;
    private static readonly string[] Presets = ["ht-lstm-ucf11", "tt-lstm-ucf11", "tr-lstm-ucf11", "bt-lstm-ucf11-r4"];

    public static IEnumerable<NamedCase> All(ThreadTeam team)
    {
        var dense = new Lazy<TrainingWorkload<float>>(() => Workload<float>("lstm-ucf11", team));
        Peer[] Dense() => [new Peer("dense LSTM, ours", () => dense.Value.Run())];
        return
        [
            .. Presets.Select(name => new NamedCase($"training step {name}", () => Create(name, Workload<float>(name, team), Dense()))),
            new NamedCase("training step lstm-ucf11", () => Create("lstm-ucf11", dense.Value, [])),
            new NamedCase("training step ht-lstm-ucf11, U in ht", () => Create("ht-lstm-ucf11, U in ht", Workload<float>("ht-lstm-ucf11", team, WeightFormat.HierarchicalTucker(4, 5)), Dense())),
            .. Presets.Select(name => new NamedCase($"training step {name} double", () => Create(name, Workload<double>(name, team), []))),
        ];
    }

    private static BenchCase Create<T>(string name, TrainingWorkload<T> step, IReadOnlyList<Peer> peers)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var plan = LaneContraction.Plan(step.Layout.Input.Network, Samples, PlanObjective.MultiplyAdds);
        var first = plan.Steps[LaneContraction.Carriers(plan).Keys.First()].MultiplyAdds;
        var recurrent = 3.0 * Samples * Hidden * 4 * Hidden;
        // Weights: read forward, read backward; gradient, both moments and the weights read and written by the optimizer.
        var bytes = (double)Batch * GeneratedVideo.ClipBytes + 7.0 * Unsafe.SizeOf<T>() * step.Layout.Parameters.Sum(parameter => (double)parameter.Length);
        var suffix = typeof(T) == typeof(double) ? " double" : "";
        return new BenchCase($"training step {name}{suffix}", typeof(T), 3 * plan.MultiplyAdds - first + recurrent, bytes, step.Run, peers);
    }

    private static TrainingWorkload<T> Workload<T>(string name, ThreadTeam team, IMatrixFormat? recurrent = null)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var preset = PublishedPresets.Find(name)!;
        var options = new ModelOptions
        {
            InputModes = preset.InputModes,
            HiddenModes = preset.HiddenModes,
            InputWeights = preset.Format,
            RecurrentWeights = recurrent ?? WeightFormat.Dense,
            Classes = GeneratedVideo.ClassNames,
        };
        return new TrainingWorkload<T>(options, Clips(), Batch, team);
    }

    /// <summary>Generated clips, painted once: the step reads bytes that are there.</summary>
    private static ArraySequenceSource Clips()
    {
        var video = new GeneratedVideo(1, Batch);
        var bytes = new byte[Batch * GeneratedVideo.ClipBytes];
        for (var clip = 0; clip < Batch; clip++) video.Read(clip, bytes.AsMemory(clip * GeneratedVideo.ClipBytes, GeneratedVideo.ClipBytes));
        return ArraySequenceSource.FromBytes(bytes, video.Steps, video.FrameShape, [.. Enumerable.Range(0, Batch).Select(video.Label)]);
    }
}
