using HTensor.Core;

namespace HTensor.Rnn;

/// <summary>How a model is trained: AdamW, the gradient clipped by its norm, the learning rate warmed up and then lowered along a cosine.</summary>
public sealed record TrainingOptions
{
    /// <summary>Times over the training samples.</summary>
    public int Epochs { get; init; } = 30;

    /// <summary>Sequences a step.</summary>
    public int BatchSize { get; init; } = 16;

    /// <summary>Largest learning rate.</summary>
    public double LearningRate { get; init; } = 3e-3;

    /// <summary>Steps over which the learning rate rises to its largest; at most a tenth of all steps.</summary>
    public int WarmupSteps { get; init; } = 100;

    /// <summary>Decoupled weight decay of matrices and cores; biases have none.</summary>
    public double WeightDecay { get; init; } = 0.1;

    /// <summary>
    /// Part of the read-out vector that is dropped in each step, 0 to below 1; and of what goes from one recurrent layer to the next and from a
    /// layer in front to the first.
    /// </summary>
    public double Dropout { get; init; } = 0.5;

    /// <summary>Part of the states that the recurrent matrices see that is dropped, the same at all steps of a sequence; 0 to below 1.</summary>
    public double RecurrentDropout { get; init; }

    /// <summary>
    /// Steps of truncated back-propagation through time (Williams, Peng 1990): a batch's sequences are read in windows of so many steps, each
    /// one a step of training; states are carried from window to window, gradients are not. For long sequences with a prediction at every step;
    /// null: a whole sequence at once.
    /// </summary>
    public int? Truncation { get; init; }

    /// <summary>
    /// Batches are of samples of similar lengths, drawn from groups of sixteen batches and read in random order: steps beyond the longest sample of a block of
    /// sixteen are not computed. For lengths that differ much and do not tell the class. False: any sixteen samples.
    /// </summary>
    public bool GroupByLength { get; init; }

    /// <summary>
    /// Part of a frame's values, as the first layer reads them, that is dropped, the same at all steps of a sequence (Gal, Ghahramani,
    /// arXiv 1512.05287); 0 to below 1.
    /// </summary>
    public double InputDropout { get; init; }

    /// <summary>How training samples are changed as they are read; validation and test samples never are.</summary>
    public Augmentation Augmentation { get; init; } = new();

    /// <summary>Part of a class label that is spread over all classes in the training loss (Szegedy et al., arXiv 1512.00567); 0 to below 1.</summary>
    public double LabelSmoothing { get; init; }

    /// <summary>
    /// Part of a moving average of the weights that stays at a step, such as 0.99; the average is what is validated and kept. 0 to below 1; 0: the weights
    /// themselves.
    /// </summary>
    public double WeightAveraging { get; init; }

    /// <summary>Largest norm of the gradient; 0: not clipped.</summary>
    public double ClipNorm { get; init; } = 5;

    /// <summary>
    /// How much a sample of each class counts in the loss; null: as much as any. <see cref="HTensor.Rnn.ClassWeights.Balanced"/> makes rare
    /// classes count as much as frequent ones. The loss of validation and test samples is never weighted.
    /// </summary>
    public IReadOnlyList<double>? ClassWeights { get; init; }

    /// <summary>Of the order of the samples and of dropout. The same seed gives the same weights, on any number of threads.</summary>
    public ulong Seed { get; init; } = 1;

    /// <summary>
    /// Most threads that compute at once, the calling one among them: with 1 no other is started. None is of the thread pool. The weights do
    /// not depend on it.
    /// </summary>
    public int MaxThreads { get; init; } = Environment.ProcessorCount;

    /// <summary>
    /// Most bytes of activations that a factored input matrix keeps for its backward pass; beyond it they are computed again, with the same
    /// bits. 0: always again.
    /// </summary>
    public long KeptActivationBytes { get; init; } = LaneContraction.KeptBytes;

    /// <summary>Where the best model so far is written after an epoch; null: nowhere.</summary>
    public string? BestModelPath { get; init; }

    /// <summary>
    /// Where the last state is written after each epoch, within an epoch by <see cref="CheckpointInterval"/>, and when training is cancelled;
    /// null: nowhere. It can be loaded as a model too.
    /// </summary>
    public string? CheckpointPath { get; init; }

    /// <summary>A checkpoint is written after a step, too, when the last one is so old. Zero: after every step.</summary>
    public TimeSpan CheckpointInterval { get; init; } = TimeSpan.FromMinutes(1);

    /// <summary>A checkpoint of the same options to go on from; the result has the bits of a run that was never broken off.</summary>
    public string? ResumeFrom { get; init; }
}
