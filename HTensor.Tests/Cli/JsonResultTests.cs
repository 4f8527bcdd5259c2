using System.Text.Json;
using HTensor.Cli;
using HTensor.Core;

namespace HTensor.Tests;

public sealed class JsonResultTests
{
    [Fact]
    public void With_json_stdout_is_one_value_on_one_line_and_the_rest_goes_to_stderr()
    {
        var run = ToolRun.Working(
            io =>
            {
                io.Say("epoch 1");
                SampleRun.Summary().Print(io.Console);
                io.WriteJson(SampleRun.Summary().WriteTo);
            },
            "train", "--json");
        Assert.Single(run.Output.Split(Environment.NewLine, StringSplitOptions.RemoveEmptyEntries));
        using var json = JsonDocument.Parse(run.Output);
        Assert.Contains("epoch 1", run.Error);
    }

    [Fact]
    public void Without_json_there_is_no_json()
    {
        var run = ToolRun.Working(io => io.WriteJson(SampleRun.Summary().WriteTo), "train");
        Assert.Equal("", run.Output);
    }

    [Fact]
    public void Train_has_the_keys_that_are_promised()
    {
        string[] promised =
        [
            "format", "recurrentFormat", "inputParameters", "denseInputParameters", "inputCompressionRatio", "cellParameters", "denseCellParameters", "cellCompressionRatio",
            "modelParameters", "epochs", "trainLoss", "testAccuracy", "secondsTotal", "millisecondsPerStep", "peakMemoryMegabytes", "seed", "threads", "weightsSha256", "run",
        ];
        using var json = JsonDocument.Parse(JsonText.Of(SampleRun.Summary().WriteTo));
        Assert.Equal(promised, json.RootElement.EnumerateObject().Select(property => property.Name));
        Assert.Equal(58_982_400 / 1245.0, json.RootElement.GetProperty("inputCompressionRatio").GetDouble());
        using var predictor = JsonDocument.Parse(JsonText.Of((SampleRun.Summary() with { TestAccuracy = null, TestNll = 8.5 }).WriteTo));
        Assert.Equal(8.5, predictor.RootElement.GetProperty("testNll").GetDouble());
        Assert.False(predictor.RootElement.TryGetProperty("testAccuracy", out _));
    }

    [Fact]
    public void A_number_that_JSON_lacks_is_null()
    {
        using var json = JsonDocument.Parse(JsonText.Of((SampleRun.Summary() with { TrainLoss = double.NaN }).WriteTo));
        Assert.Equal(JsonValueKind.Null, json.RootElement.GetProperty("trainLoss").ValueKind);
    }

    [Fact]
    public void Evaluate_has_accuracy_count_and_confusion()
    {
        using var json = JsonDocument.Parse(JsonText.Of(new EvaluateSummary { Count = 4, Confusion = SampleRun.Confusion() }.WriteTo));
        Assert.Equal(0.75, json.RootElement.GetProperty("testAccuracy").GetDouble());
        Assert.Equal(4, json.RootElement.GetProperty("count").GetInt64());
        Assert.Equal("[[2,1],[0,1]]", json.RootElement.GetProperty("confusion").GetRawText());
    }

    [Fact]
    public void Presets_are_an_array_of_the_keys_that_are_promised()
    {
        PresetRow[] rows = [new("ht-lstm-ucf11", "input", "ht", [8, 10, 10, 9, 8], [16, 4, 2, 4, 2], "leaf 4, inner 5", 1245, 58_982_400, null)];
        var run = ToolRun.Working(io => PresetRow.WriteAll(io, rows), "presets", "--json");
        Assert.Equal(
            """[{"name":"ht-lstm-ucf11","scope":"input","format":"ht","inputModes":[8,10,10,9,8],"outputModes":[16,4,2,4,2],"ranks":"leaf 4, inner 5","parameters":1245,"denseParameters":58982400,"ratio":47375.42168674699,"printedParameters":null}]""",
            run.Output.TrimEnd());
        Assert.All(ToolRun.Working(io => PresetRow.WriteAll(io, rows), "presets").Output.Split(Environment.NewLine), line => Assert.InRange(line.Length, 0, 80));
    }

    [Fact]
    public void A_plan_is_counted_a_sample()
    {
        var network = new HierarchicalTuckerFormat(4, 5).Describe(new MatrixModes([8, 10, 10, 9, 8], [16, 4, 2, 4, 2])).OverSamples(96);
        var least = new PlanSummary(ContractionPlanner.Plan(network, PlanObjective.MultiplyAdds, MatrixNetwork.SampleMode), 96);
        var fastest = new PlanSummary(ContractionPlanner.Plan(network, PlanObjective.Time, MatrixNetwork.SampleMode), 96);
        using var json = JsonDocument.Parse(JsonText.Of(least.WriteTo));
        Assert.Equal(1_886_382, json.RootElement.GetProperty("multiplyAdds").GetDouble(), 1.0);
        Assert.Equal(9, json.RootElement.GetProperty("steps").GetArrayLength());
        var text = ToolRun.Working(io => least.Print(io, fastest), "plan").Output;
        Assert.All(text.Split(Environment.NewLine), line => Assert.InRange(line.Length, 0, 80));
        Assert.Contains("1,886,382", text);
    }
}
