using HTensor.Core;
using HTensor.Kernels;
using HTensor.Rnn;

namespace HTensor.Bench;

/// <summary>
/// One frame of 57,600 bytes through a stream of the published layers, hidden 256, to the probabilities of 11 classes; beside each, one step of ONNX
/// Runtime's dense LSTM of that size over floats, and for sixteen streams sixteen of it at once; "exported step": beside ONNX Runtime on the same model's export. The limit counts the multiply-adds of a sample
/// in a large batch, the recurrent product and what must be read.
/// </summary>
internal static class StreamingCases
{
    private const int Inputs = 57600;
    private const int Hidden = 256;
    private const int Gates = 4 * Hidden;
    private const int Classes = 11;
    private static readonly string[] Presets = ["ht-lstm-ucf11", "tt-lstm-ucf11", "tr-lstm-ucf11", "bt-lstm-ucf11-r4", "lstm-ucf11"];

    public static IEnumerable<NamedCase> All(PeerLibraries peers)
    {
        var (one, sixteen) = (new Lazy<Peer>(() => DenseLstm(peers, 1)), new Lazy<Peer>(() => DenseLstm(peers, LaneBlock.Width)));
        return
        [
            .. Presets.Select(name => new NamedCase($"streamed frame {name}", () => One(name, one.Value))),
            .. Presets.Select(name => new NamedCase($"streamed frames of 16 {name}", () => Sixteen(name, sixteen.Value))),
            .. Presets.Select(name => new NamedCase($"exported step {name}", () => Exported(name, peers))),
        ];
    }

    private static BenchCase One(string name, Peer peer)
    {
        var (model, frame, probabilities) = (Model(name), Frame(), new float[Classes]);
        var stream = model.CreateStream();
        return Case($"streamed frame {name}", model, 1, () => stream.Step(frame, probabilities), peer);
    }

    private static BenchCase Exported(string name, PeerLibraries peers)
    {
        var (model, frame, probabilities) = (Model(name), Frame(), new float[Classes]);
        var stream = model.CreateStream();
        return Case($"exported step {name}", model, 1, () => stream.Step(frame, probabilities), peers.OnnxStep(model, frame));
    }

    private static BenchCase Sixteen(string name, Peer peer)
    {
        var (model, frames, probabilities) = (Model(name), Enumerable.Range(0, LaneBlock.Width).Select(_ => (ReadOnlyMemory<byte>)Frame()).ToArray(), new float[LaneBlock.Width * Classes]);
        var streams = model.CreateStreams(LaneBlock.Width);
        return Case($"streamed frames of 16 {name}", model, LaneBlock.Width, () => streams.Step(frames, probabilities), peer);
    }

    private static BenchCase Case(string name, SequenceClassifier model, int frames, Action step, Peer peer)
    {
        var network = model.Layout.Input.Network;
        const int Many = 1 << 14;
        var products = LaneContraction.Plan(network, Many, PlanObjective.MultiplyAdds).MultiplyAdds / Many;
        var bytes = (double)frames * Inputs + sizeof(float) * (double)model.Parameters.Length;
        return new BenchCase(name, typeof(float), frames * (products + Hidden * (double)Gates), bytes, step, [peer]);
    }

    private static SequenceClassifier Model(string name)
    {
        var preset = PublishedPresets.Find(name)!;
        return SequenceClassifier.Create(new ModelOptions
        {
            InputModes = preset.InputModes,
            HiddenModes = preset.HiddenModes,
            InputWeights = preset.Format,
            Classes = [.. Enumerable.Range(0, Classes).Select(label => $"{label}")],
        });
    }

    private static byte[] Frame()
    {
        var frame = new byte[Inputs];
        var random = new Philox(1);
        for (var i = 0; i < frame.Length; i++) frame[i] = (byte)random.NextUInt32();
        return frame;
    }

    private static Peer DenseLstm(PeerLibraries peers, int batch)
    {
        var random = new Philox(2);
        float[] x = new float[batch * Inputs], input = new float[Gates * Inputs], recurrent = new float[Gates * Hidden];
        random.FillNormal<float>(x, 1);
        random.FillNormal<float>(input, 0.004f);
        random.FillNormal<float>(recurrent, 0.06f);
        return peers.OnnxLstm(x, 1, batch, Inputs, Hidden, input, recurrent);
    }
}
