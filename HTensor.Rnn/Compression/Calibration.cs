using System.Runtime.InteropServices;
using HTensor.Kernels;

namespace HTensor.Rnn;

/// <summary>What the layers of a model read and give over some sequences.</summary>
internal sealed class Calibration
{
    /// <summary>Sequences that are looked at, spread over the set.</summary>
    private const int MostSamples = 256;

    private readonly SequenceClassifier _model;
    private readonly SequenceSet _samples;
    private readonly Dictionary<int, float[]> _states = [];

    /// <exception cref="ArgumentException">The frames do not have the model's size, or there is no sample.</exception>
    public Calibration(SequenceClassifier model, SequenceSet samples)
    {
        SampleGuard.RequireSamples("calibration", samples);
        model.RequireFrames(samples.Source);
        var count = Math.Min(samples.Count, MostSamples);
        _model = model;
        _samples = samples with { Samples = Enumerable.Range(0, count).Select(i => samples.Samples.Span[(int)((long)i * samples.Count / count)]).ToArray() };
    }

    private int Directions => _model.Layout.Layers[0].Count;

    private int Hidden => _model.Layout.Hidden;

    /// <summary>Moments of what a layer reads: scaled frames, what stands in front of them gives, or the states of the layer before.</summary>
    public double[] Inputs(int layer)
    {
        if (layer == 0) return Frames();
        var moments = new InputMoments(Hidden * Directions);
        EachStep(layer - 1, moments.Add);
        return moments.Result();
    }

    /// <summary>Moments of a layer's states in one direction.</summary>
    public double[] States(int layer, int direction)
    {
        var moments = new InputMoments(Hidden);
        EachStep(layer, states => moments.Add(states.Slice(direction * Hidden, Hidden)));
        return moments.Result();
    }

    /// <summary>||h - h'|| / ||h|| over the last layer's states of both models.</summary>
    public double RelativeError(SequenceClassifier other)
    {
        var (mine, theirs) = (Of(_model.Options.Layers - 1), Predicted(other, other.Options.Layers));
        var (error, norm) = (0.0, 0.0);
        for (var i = 0; i < mine.Length; i++)
        {
            var (a, b) = ((double)mine[i], (double)theirs[i]);
            (error, norm) = (error + (a - b) * (a - b), norm + a * a);
        }

        return Math.Sqrt(error / norm);
    }

    private delegate void Visit(ReadOnlySpan<float> states);

    private void EachStep(int layer, Visit visit)
    {
        var (states, width, steps) = (Of(layer), Hidden * Directions, _samples.Source.Steps);
        for (var i = 0; i < _samples.Count; i++)
        {
            for (var step = 0; step < _samples.Source.Length(_samples.Samples.Span[i]); step++) visit(states.AsSpan((i * steps + step) * width, width));
        }
    }

    private float[] Of(int layer) => _states.TryGetValue(layer, out var found) ? found : _states[layer] = Predicted(_model, layer + 1);

    /// <summary>The states of a model cut behind some layers, [samples, steps, H].</summary>
    private float[] Predicted(SequenceClassifier model, int layers)
    {
        var options = model.Options with
        {
            Layers = layers,
            LayerFormats = [.. model.Options.LayerFormats.Take(layers * Directions)],
            Task = SequenceTask.States,
            Readout = Readout.Step,
            Classes = [],
        };
        var cut = new SequenceClassifier(new ClassifierLayout(options), model.Scaling);
        foreach (var parameter in cut.Parameters.Items) model.Parameters[parameter.Name].Values.CopyTo(parameter.Values);
        return cut.Predict(_samples);
    }

    private double[] Frames()
    {
        var (scale, shift) = _model.Scaling.Coefficients<float>();
        var (source, size, inputs) = (_samples.Source, _model.FrameSize, _model.Layout.Layers[0][0].Inputs);
        var front = _model.Options.Front is { } layer ? new StreamFront(_model.Parameters, layer, inputs) : null;
        var element = source.Element == FrameElement.UInt8 ? 1 : sizeof(float);
        byte[] scratch = new byte[checked(source.Steps * size * element)];
        float[] frame = new float[Math.Max(size, inputs)], work = new float[size], before = new float[inputs];
        var moments = new InputMoments(inputs);
        foreach (var sample in _samples.Samples.ToArray())
        {
            var values = source.Read(sample, scratch).Span;
            before.AsSpan().Clear();
            for (var step = 0; step < source.Length(sample); step++)
            {
                var stored = values.Slice(step * size * element, size * element);
                var x = frame.AsSpan(0, inputs);
                if (element == 1) Scaled(stored, front, scale, shift, work, x);
                else Scaled(MemoryMarshal.Cast<byte, float>(stored), front, scale, shift, work, x);
                if (_model.Options.StepInput == StepInput.Difference) Difference(x, before, step);
                moments.Add(x);
            }
        }

        return moments.Result();
    }

    private static void Scaled<TSource>(ReadOnlySpan<TSource> stored, StreamFront? front, float[] scale, float[] shift, float[] work, Span<float> x)
        where TSource : unmanaged
    {
        if (front is null) ChannelScaling.Apply(stored, scale, shift, x);
        else front.Run(stored, scale, shift, work, x);
    }

    /// <summary>x less the frame before; 0 at the first.</summary>
    private static void Difference(Span<float> x, float[] before, int step)
    {
        for (var i = 0; i < x.Length; i++) (x[i], before[i]) = (step == 0 ? 0 : x[i] - before[i], x[i]);
    }
}
