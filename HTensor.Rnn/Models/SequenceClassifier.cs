using HTensor.Autodiff;
using HTensor.Kernels;

namespace HTensor.Rnn;

/// <summary>
/// A recurrent classifier of sequences: its options, parameters and the scaling of its frames. <see cref="Trainer"/> trains it; it can be
/// saved, loaded, evaluated and asked for class probabilities.
/// </summary>
public sealed class SequenceClassifier
{
    private const int EvaluationBatch = 32;

    internal SequenceClassifier(ClassifierLayout layout, FrameScaling scaling)
    {
        (Layout, Scaling) = (layout, scaling);
        Parameters = new ParameterSet<float>(layout.Parameters);
    }

    public ModelOptions Options => Layout.Options;

    /// <summary>All weights; see <see cref="ParameterSet{T}.Sha256"/>.</summary>
    public ParameterSet<float> Parameters { get; }

    /// <summary>How frames are scaled before they enter; measured on the training samples.</summary>
    public FrameScaling Scaling { get; internal set; }

    /// <summary>Stored numbers against those of dense matrices.</summary>
    public ParameterCounts Counts => ParameterCounts.Of(Layout);

    internal ClassifierLayout Layout { get; }

    /// <summary>A new model. The same options and seed give the same bits.</summary>
    /// <exception cref="ArgumentException">Modes, ranks or classes do not fit; the message names what was expected and found.</exception>
    public static SequenceClassifier Create(ModelOptions options, ulong seed = 1)
    {
        var model = new SequenceClassifier(new ClassifierLayout(options), new FrameScaling([0], [1]));
        ClassifierInitializer.Fill(model.Layout, model.Parameters, seed);
        return model;
    }

    /// <summary>Reads what <see cref="Save"/> wrote.</summary>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="InvalidDataException">The file is no model of this kind; the message names file, key, expected and found.</exception>
    public static SequenceClassifier Load(string path) => ModelFile.Read(path);

    /// <summary>Writes options, scaling and weights as safetensors. The file appears whole or not at all.</summary>
    /// <exception cref="IOException">The file cannot be written.</exception>
    public void Save(string path) => ModelFile.Write(path, this);

    /// <summary>Loss, accuracy and predictions over some samples.</summary>
    /// <exception cref="ArgumentException">The frames do not have the model's size.</exception>
    public Evaluation Evaluate(SequenceSet samples, int threads = 1, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(samples);
        RequireFrames(samples.Source);
        using var team = new ThreadTeam(threads);
        return new Evaluator(this, samples.Source, EvaluationBatch).Run(samples, team, cancellation);
    }

    /// <summary>Class probabilities, [samples, classes] row-major.</summary>
    /// <exception cref="ArgumentException">The frames do not have the model's size.</exception>
    public float[] Predict(SequenceSet samples, int threads = 1, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(samples);
        RequireFrames(samples.Source);
        using var team = new ThreadTeam(threads);
        var probabilities = new float[checked(samples.Count * Options.Classes.Count)];
        new Evaluator(this, samples.Source, EvaluationBatch).Predict(samples, probabilities, team, cancellation);
        return probabilities;
    }

    /// <exception cref="ArgumentException">The frames do not have the model's size.</exception>
    internal void RequireFrames(ISequenceSource source)
    {
        var size = SequenceExtent.FrameSizeOf(source.FrameShape);
        if (size != Layout.FrameSize)
            throw new ArgumentException($"frames: expected {Layout.FrameSize} values, found [{string.Join(", ", source.FrameShape)}], {size} values");
    }
}
