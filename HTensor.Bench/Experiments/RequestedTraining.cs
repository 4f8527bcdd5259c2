using HTensor.Cli;

namespace HTensor.Bench;

/// <summary>Keeps what <c>train</c> was asked for and does nothing of it.</summary>
internal sealed class RequestedTraining : IVerbs
{
    public TrainRequest? Request { get; private set; }

    public void Train(TrainRequest request, CommandIo io) => Request = request;

    public void Evaluate(EvaluateRequest request, CommandIo io) => throw new NotSupportedException();

    public void Predict(PredictRequest request, CommandIo io) => throw new NotSupportedException();

    public void Inspect(InspectRequest request, CommandIo io) => throw new NotSupportedException();

    public void Decompose(DecomposeRequest request, CommandIo io) => throw new NotSupportedException();

    public void Reconstruct(ReconstructRequest request, CommandIo io) => throw new NotSupportedException();

    public void Compress(CompressRequest request, CommandIo io) => throw new NotSupportedException();

    public void Export(ExportRequest request, CommandIo io) => throw new NotSupportedException();

    public void Compare(CompareRequest request, CommandIo io) => throw new NotSupportedException();

    public void Prepare(PrepareRequest request, CommandIo io) => throw new NotSupportedException();

    public void Presets(CommandIo io) => throw new NotSupportedException();

    public void Plan(PlanRequest request, CommandIo io) => throw new NotSupportedException();
}
