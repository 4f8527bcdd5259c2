using HTensor.Rnn;

namespace HTensor.Tests.Rnn.Training;

public sealed class InterruptedValidationTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Training_that_is_stopped_while_it_validates_goes_on_to_the_same_bits()
    {
        var data = SequenceData.Load(TinySequences.Write(_folder.File("data.npz"))).SplitValidation(0.2, seed: 1);
        var options = new TrainingOptions { Epochs = 3, BatchSize = 8, Dropout = 0.2, MaxThreads = 1, CheckpointPath = _folder.File("checkpoint.safetensors") };
        var unbroken = Fit(data, options with { CheckpointPath = null }, null, CancellationToken.None);

        using var interruption = new CancellationTokenSource();
        var atTheLastStep = new LastStep(1, interruption.Cancel);
        Assert.Throws<OperationCanceledException>(() => Fit(data, options, atTheLastStep, interruption.Token));
        Assert.Equal(unbroken, Fit(data, options with { ResumeFrom = options.CheckpointPath }, null, CancellationToken.None));
    }

    private static string Fit(SequenceData data, TrainingOptions options, LastStep? progress, CancellationToken cancellation)
    {
        var model = SequenceClassifier.Create(new ModelOptions { InputModes = [4, 6], HiddenModes = [2, 4], Classes = data.ClassNames });
        Trainer.Fit(model, data.Train, data.Validation, options, progress, cancellation);
        return model.Parameters.Sha256();
    }

    /// <summary>Acts after the last step of an epoch: validation is next.</summary>
    private sealed class LastStep(int epoch, Action act) : IProgress<TrainingProgress>
    {
        public void Report(TrainingProgress value)
        {
            if (value.Epoch == epoch && value.Step == value.Steps && value.Completed is null) act();
        }
    }
}
