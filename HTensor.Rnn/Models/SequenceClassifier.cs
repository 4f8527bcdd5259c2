using HTensor.Autodiff;
using HTensor.Kernels;

namespace HTensor.Rnn;

/// <summary>
/// A recurrent classifier of sequences: its options, parameters and the scaling of its frames. <see cref="Trainer"/> trains it; it can be
/// saved, loaded, evaluated and asked for class probabilities.
/// </summary>
public sealed class SequenceClassifier
{
    private readonly Lock _streamLock = new();
    private StreamWeights? _streamWeights;

    internal SequenceClassifier(ClassifierLayout layout, FrameScaling scaling)
    {
        Layout = layout;
        Scaling = scaling;
        Parameters = new ParameterSet<float>(layout.Parameters);
    }

    public ModelOptions Options => Layout.Options;

    /// <summary>All weights; see <see cref="ParameterSet{T}.Sha256"/>.</summary>
    public ParameterSet<float> Parameters { get; }

    /// <summary>How frames are scaled before they enter; measured on the samples of the first training, and kept since.</summary>
    public FrameScaling Scaling
    {
        get;
        internal set => (field, IsScaled) = (value, true);
    }

    /// <summary>Whether the scaling is the model's own; false of a new model, until it is trained.</summary>
    internal bool IsScaled { get; private set; }

    /// <summary>Values of a frame.</summary>
    public int FrameSize => Layout.FrameSize;

    /// <summary>Values of a prediction: one an entry of <see cref="ModelOptions.Classes"/>, or the states of the last layer.</summary>
    public int Outputs => Layout.Outputs;

    /// <summary>Whether <see cref="Predict"/> gives the outputs of every step: of the next notes or symbol, and of states.</summary>
    public bool PredictsSteps => Layout.PredictsSteps;

    /// <summary>Stored numbers against those of dense matrices.</summary>
    public ParameterCounts Counts => ParameterCounts.Of(Layout);

    internal ClassifierLayout Layout { get; }

    /// <summary>A new model. The same options and seed give the same bits.</summary>
    /// <exception cref="ArgumentException">Modes, ranks or classes do not fit; the message names what was expected and found.</exception>
    public static SequenceClassifier Create(ModelOptions options, ulong seed = 1)
    {
        var model = new SequenceClassifier(new ClassifierLayout(options), new FrameScaling([0], [1])) { IsScaled = false };
        ClassifierInitializer.Fill(model.Layout, model.Parameters, seed);
        return model;
    }

    /// <summary>Takes scaling and weights from a model of the same layers, such as one whose outputs are its states; the dense layer over the states stays as it is.</summary>
    /// <exception cref="ArgumentException">The other has no such layers; the message names the first weight that it lacks.</exception>
    public void StartFrom(SequenceClassifier other)
    {
        ArgumentNullException.ThrowIfNull(other);
        var held = other.Parameters.Items.ToDictionary(parameter => parameter.Name);
        var wanted = Parameters.Items.Where(parameter => parameter.Name is not (ClassifierLayout.ReadoutName or ClassifierLayout.ReadoutBiasName)).ToArray();
        foreach (var parameter in wanted)
        {
            if (!held.TryGetValue(parameter.Name, out var found) || !found.Shape.Sizes.SequenceEqual(parameter.Shape.Sizes))
                throw new ArgumentException($"model to start from: expected {parameter.Name} [{string.Join(", ", parameter.Shape.Sizes)}], found {(found is null ? "none" : $"[{string.Join(", ", found.Shape.Sizes)}]")}", nameof(other));
        }

        foreach (var parameter in wanted) held[parameter.Name].Values.CopyTo(parameter.Values);
        Scaling = other.Scaling;
    }

    /// <summary>Reads what <see cref="Save"/> wrote.</summary>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="InvalidDataException">The file is no model of this kind; the message names file, key, expected and found.</exception>
    public static SequenceClassifier Load(string path) => ModelFile.Read(path);

    /// <summary>Writes options, scaling and weights as safetensors. The file appears whole or not at all.</summary>
    /// <exception cref="IOException">The file cannot be written.</exception>
    /// <exception cref="NotSupportedException">The weight format is none of <see cref="WeightFormat"/>.</exception>
    public void Save(string path) => ModelFile.Write(path, this);

    /// <summary>Loss, accuracy and predictions over some samples. A sample's prediction has the same bits in any set and on any number of threads.</summary>
    /// <exception cref="ArgumentException">There is no sample, frames do not have the model's size, or a label is none of its classes.</exception>
    public Evaluation Evaluate(SequenceSet samples, int threads = 1, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(samples);
        RequireFrames(samples.Source);
        SampleGuard.RequireTask("evaluation", samples, Options);
        using var team = new ThreadTeam(threads);
        return new Evaluator(this, samples.Source).Evaluate(samples, team, cancellation);
    }

    /// <summary>Class probabilities, [samples, outputs] row-major; [samples, steps, outputs], 0 behind a length, where <see cref="PredictsSteps"/>. Labels are not looked at; bits are as in <see cref="Evaluate"/>.</summary>
    /// <exception cref="ArgumentException">The frames do not have the model's size, or a sample is out of range.</exception>
    public float[] Predict(SequenceSet samples, int threads = 1, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(samples);
        RequireFrames(samples.Source);
        SampleGuard.RequireSamples("prediction", samples);
        using var team = new ThreadTeam(threads);
        return new Evaluator(this, samples.Source).Predict(samples, team, cancellation);
    }

    /// <summary>
    /// A sequence to be read frame by frame. It keeps the weights and the scaling that the model has now: training on does not reach it.
    /// Streams that are made while these stay the same share one copy, packed once; made from several threads, too.
    /// </summary>
    /// <exception cref="NotSupportedException">The model is bidirectional: it needs the whole sequence.</exception>
    public StreamingSession CreateStream() => new(StreamWeights());

    /// <summary>Several sequences that are read side by side: one pass over the weights for sixteen frames.</summary>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="count"/> is below 1.</exception>
    /// <exception cref="NotSupportedException">The model is bidirectional: it needs the whole sequence.</exception>
    public StreamingBatch CreateStreams(int count) => new(StreamWeights(), count);

    /// <exception cref="ArgumentException">The frames do not have the model's size.</exception>
    internal void RequireFrames(ISequenceSource source)
    {
        var size = SequenceExtent.FrameSizeOf(source.FrameShape);
        if (size != Layout.FrameSize)
            throw new ArgumentException($"frames: expected {Layout.FrameSize} values, found [{string.Join(", ", source.FrameShape)}], {size} values");
    }

    private StreamWeights StreamWeights()
    {
        lock (_streamLock)
        {
            var sha256 = Parameters.Sha256();
            return _streamWeights is { } present && present.AreThoseOf(this, sha256) ? present : _streamWeights = new StreamWeights(this, sha256);
        }
    }
}
