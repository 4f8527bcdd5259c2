namespace HTensor.Cli;

/// <summary>Shows training as it goes. Called from the training thread after every step, so a step's report is cheap.</summary>
internal interface ITrainingProgress
{
    void Step(in StepProgress progress);

    void Epoch(EpochMetrics metrics, int epochs);
}
