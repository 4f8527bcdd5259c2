using System.Text.Json;
using HTensor.Core;

namespace HTensor.Cli;

/// <summary>The plan of a model's input matrix by the objective that was asked for, and beside it the plan by the other one.</summary>
internal sealed record PlanReport(ModelSetting Model, PlanSummary Plan, PlanSummary Other)
{
    public static PlanReport Make(ModelSetting model, int batch, PlanObjective objective)
    {
        var other = objective == PlanObjective.Time ? PlanObjective.MultiplyAdds : PlanObjective.Time;
        return new PlanReport(model, By(objective), By(other));

        PlanSummary By(PlanObjective wanted) => new(LaneContraction.Plan(model.Input.Network, batch, wanted), batch);
    }

    public void WriteTo(Utf8JsonWriter writer)
    {
        var network = Model.Input.Network;
        writer.WriteStartObject();
        writer.WriteString("preset", Model.Preset);
        writer.WriteString("format", Model.Format.Name);
        writer.WriteString("ranks", Model.Format.Settings);
        writer.WriteList("inputModes", network.Modes.Inputs);
        writer.WriteList("outputModes", network.Modes.Outputs);
        writer.WriteStartObject("bonds");
        foreach (var (bond, rank) in network.Bonds) writer.WriteNumber(bond, rank);
        writer.WriteEndObject();
        writer.WriteNumber("parameters", network.ParameterCount);
        Plan.WriteProperties(writer);
        writer.WritePropertyName("other");
        Other.WriteTo(writer);
        writer.WriteEndObject();
    }

    public void Print(CommandIo io)
    {
        var network = Model.Input.Network;
        var settings = Model.Format.Settings == Model.Format.Name ? "" : $", {Model.Format.Settings}";
        if (Model.Preset is { } preset) io.Say($"from preset {preset}");
        io.Say($"{Model.Format.Name}{settings}");
        io.Say($"{network.Modes}, {Words.Count(network.ParameterCount)} parameters");
        Plan.Print(io, Other);
    }
}
