using HTensor.Rnn;

namespace HTensor.Cli;

/// <summary>The verbs over the engine.</summary>
internal sealed class EngineVerbs : IVerbs
{
    public void Train(TrainRequest request, CommandIo io) => throw new RequestException("train: not wired to the engine yet");

    public void Evaluate(EvaluateRequest request, CommandIo io) => throw new RequestException("evaluate: not wired to the engine yet");

    public void Presets(CommandIo io) => PresetRow.WriteAll(io, [.. PublishedPresets.All.Select(PresetRow.Of)]);

    public void Plan(PlanRequest request, CommandIo io)
    {
        var report = PlanReport.Make(ModelResolution.Alone(request.Model), request.Batch, request.Objective);
        io.WriteJson(report.WriteTo);
        if (!io.Json) report.Print(io);
    }
}
