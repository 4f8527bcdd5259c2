using HTensor.Rnn;

namespace HTensor.Cli;

/// <summary>The verbs over the engine.</summary>
internal sealed class EngineVerbs(TimeProvider clock, DefaultVideo video) : IVerbs
{
    public void Train(TrainRequest request, CommandIo io) => new TrainVerb(io, clock, video).Run(request);

    public void Evaluate(EvaluateRequest request, CommandIo io) => EvaluateVerb.Run(request, video, io);

    public void Predict(PredictRequest request, CommandIo io) => PredictVerb.Run(request, io);

    public void Inspect(string path, CommandIo io) => InspectVerb.Run(path, io);

    public void Compare(CompareRequest request, CommandIo io) => CompareVerb.Run(request, io);

    public void Prepare(PrepareRequest request, CommandIo io) => PrepareVerb.Run(request, io);

    public void Presets(CommandIo io) => PresetRow.WriteAll(io, [.. PublishedPresets.All.Select(PresetRow.Of)]);

    public void Plan(PlanRequest request, CommandIo io)
    {
        var report = PlanReport.Make(ModelResolution.Alone(request.Model), request.Batch, request.Objective);
        io.WriteJson(report.WriteTo);
        if (!io.Json) report.Print(io);
    }
}
