namespace HTensor.Cli;

/// <summary>The verbs over the engine.</summary>
internal sealed class EngineVerbs : IVerbs
{
    public void Train(TrainRequest request, CommandIo io) => throw new RequestException("train: not wired to the engine yet");

    public void Evaluate(EvaluateRequest request, CommandIo io) => throw new RequestException("evaluate: not wired to the engine yet");

    public void Presets(CommandIo io) => throw new RequestException("presets: not wired to the engine yet");

    public void Plan(PlanRequest request, CommandIo io) => throw new RequestException("plan: not wired to the engine yet");
}
