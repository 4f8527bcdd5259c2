using HTensor.Rnn;

namespace HTensor.Cli;

/// <summary>The verbs over the engine.</summary>
internal sealed class EngineVerbs(TimeProvider clock, DefaultVideo video) : IVerbs
{
    public void Train(TrainRequest request, CommandIo io) => new TrainVerb(io, clock, video).Run(request);

    public void Evaluate(EvaluateRequest request, CommandIo io) => EvaluateVerb.Run(request, video, io);

    public void Predict(PredictRequest request, CommandIo io) => PredictVerb.Run(request, io);

    public void Inspect(InspectRequest request, CommandIo io) => InspectVerb.Run(request, io);

    public void Decompose(DecomposeRequest request, CommandIo io) => DecomposeVerb.Run(request, io, clock);

    public void Reconstruct(ReconstructRequest request, CommandIo io) => DecomposeVerb.Reconstruct(request, io, clock);

    public void Compress(CompressRequest request, CommandIo io) => CompressVerb.Run(request, io);

    public void Compare(CompareRequest request, CommandIo io) => CompareVerb.Run(request, io);

    public void Prepare(PrepareRequest request, CommandIo io) => PrepareVerb.Run(request, io);

    public void Presets(CommandIo io) => PresetRow.WriteAll(io, [.. PublishedPresets.All.Select(PresetRow.Of)]);

    public void Export(ExportRequest request, CommandIo io) => ExportVerb.Run(request, io);

    public void Plan(PlanRequest request, CommandIo io)
    {
        var report = PlanReport.Make(ModelResolution.Alone(request.Model), request.Batch, request.Objective);
        io.WriteJson(report.WriteTo);
        if (!io.Json) report.Print(io);
    }
}
