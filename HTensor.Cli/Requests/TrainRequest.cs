namespace HTensor.Cli;

/// <summary>What <c>train</c> was asked for. Null: not said.</summary>
internal sealed record TrainRequest
{
    /// <summary>A file, or null for the built-in generated video.</summary>
    public string? Data { get; init; }

    public required ModelRequest Model { get; init; }

    public string? Task { get; init; }

    public string? Readout { get; init; }

    /// <summary>Predictions of a window of symbols.</summary>
    public int? Window { get; init; }

    /// <summary>Steps of truncated back-propagation.</summary>
    public int? TruncateSteps { get; init; }

    public int? Epochs { get; init; }

    public int? Batch { get; init; }

    public double? LearningRate { get; init; }

    public double? WeightDecay { get; init; }

    public double? Dropout { get; init; }

    public double? RecurrentDropout { get; init; }

    public double? InputDropout { get; init; }

    /// <summary>Most pixels by which training frames move.</summary>
    public int? Shift { get; init; }

    /// <summary>Part of the training samples that is mirrored.</summary>
    public double? Flip { get; init; }

    /// <summary>Largest amount added to a training sample, in deviations.</summary>
    public double? Brightness { get; init; }

    /// <summary>Most steps by which a training sample is late or early.</summary>
    public int? TimeJitter { get; init; }

    public double? LabelSmoothing { get; init; }

    /// <summary>Part of the weights' moving average that stays at a step.</summary>
    public double? Averaging { get; init; }

    public bool? GroupByLength { get; init; }

    public int? Warmup { get; init; }

    /// <summary><c>frames</c> or <c>differences</c>.</summary>
    public string? StepInput { get; init; }

    /// <summary>The largest norm of the gradient; 0 does not clip.</summary>
    public double? Clip { get; init; }

    /// <summary><c>none</c> or <c>balanced</c>.</summary>
    public string? ClassWeights { get; init; }

    /// <summary>The part of the training split held back for validation.</summary>
    public double? Validation { get; init; }

    public FrameSize? Resize { get; init; }

    public ulong? Seed { get; init; }

    public int? Threads { get; init; }

    /// <summary>Seconds after which a checkpoint is written within an epoch, too.</summary>
    public double? CheckpointEvery { get; init; }

    /// <summary>A model whose weights are the start.</summary>
    public string? Init { get; init; }

    /// <summary>A run folder whose training goes on.</summary>
    public string? Resume { get; init; }

    /// <summary>The run folder to write; null for <c>runs/</c> and the time.</summary>
    public string? Out { get; init; }
}
