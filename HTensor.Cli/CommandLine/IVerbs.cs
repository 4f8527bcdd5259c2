namespace HTensor.Cli;

/// <summary>
/// What the verbs do, apart from how they are typed. A failure is thrown; <see cref="Tool"/> turns it into a line and an exit code.
/// </summary>
internal interface IVerbs
{
    void Train(TrainRequest request, CommandIo io);

    void Evaluate(EvaluateRequest request, CommandIo io);

    void Predict(PredictRequest request, CommandIo io);

    void Inspect(InspectRequest request, CommandIo io);

    void Decompose(DecomposeRequest request, CommandIo io);

    void Reconstruct(ReconstructRequest request, CommandIo io);

    void Compress(CompressRequest request, CommandIo io);

    void Presets(CommandIo io);

    void Compare(CompareRequest request, CommandIo io);

    void Prepare(PrepareRequest request, CommandIo io);

    void Plan(PlanRequest request, CommandIo io);

    void Export(ExportRequest request, CommandIo io);
}
