using HTensor.Cli;
using HTensor.Core;

namespace HTensor.Tests;

public sealed class ToolParsingTests
{
    [Fact]
    public void Train_alone_says_nothing_and_asks_for_the_generated_video()
    {
        var run = ToolRun.Of("train");
        Assert.Equal(0, run.ExitCode);
        Assert.Equal(new TrainRequest { Model = new ModelRequest() }, run.TrainRequest);
    }

    [Fact]
    public void Train_reads_every_option()
    {
        using var folder = new TemporaryFolder();
        var data = folder.WriteFile("data.npz");
        var run = ToolRun.Of("train", data, "--preset", "ht-lstm-ucf11", "--cell", "lstm", "--format", "bt", "--input-modes", "8,10,10,9,8", "--hidden", "256",
            "--hidden-modes", "auto", "--rank", "4", "--inner-rank", "5", "--blocks", "2", "--tree", "(((0,1),2),(3,4))", "--gates", "last", "--readout", "mean",
            "--epochs", "3", "--batch", "16", "--learning-rate", "2e-3", "--weight-decay", "0.01", "--dropout", "0.25", "--clip", "5", "--class-weights", "balanced", "--validation", "0.2",
            "--resize", "160x120", "--seed", "18446744073709551615", "--threads", "2", "--checkpoint-every", "0.5", "--resume", "old", "--out", "new");
        Assert.Equal("", run.Error);
        var request = run.TrainRequest!;
        Assert.Equal([8, 10, 10, 9, 8], request.Model.InputModes!.Value.Sizes!);
        Assert.True(request.Model.HiddenModes!.Value.IsAuto);
        Assert.Equal(
            new TrainRequest
            {
                Data = data,
                Model = new ModelRequest
                {
                    Preset = "ht-lstm-ucf11",
                    Cell = "lstm",
                    Format = "bt",
                    InputModes = request.Model.InputModes,
                    Hidden = 256,
                    HiddenModes = Modes.Auto,
                    Rank = 4,
                    InnerRank = 5,
                    Blocks = 2,
                    Tree = "(((0,1),2),(3,4))",
                    Gates = "last",
                },
                Readout = "mean",
                Epochs = 3,
                Batch = 16,
                LearningRate = 2e-3,
                WeightDecay = 0.01,
                Dropout = 0.25,
                Clip = 5,
                ClassWeights = "balanced",
                Validation = 0.2,
                Resize = new FrameSize(160, 120),
                Seed = ulong.MaxValue,
                Threads = 2,
                CheckpointEvery = 0.5,
                Resume = "old",
                Out = "new",
            },
            request);
    }

    [Fact]
    public void A_request_survives_its_way_through_the_run_folders_config()
    {
        var request = ToolRun.Of("train", "--input-modes", "8,10", "--hidden-modes", "auto", "--rank", "4", "--learning-rate", "0.1", "--resize", "64x48",
            "--seed", "18446744073709551615", "--tree", "linear").TrainRequest!;
        using var json = System.Text.Json.JsonDocument.Parse(JsonText.Of(writer => RequestJson.Write(writer, request)));
        var read = RequestJson.Read(json.RootElement);
        Assert.Equal([8, 10], read.Model.InputModes!.Value.Sizes!);
        var modes = request.Model.InputModes;
        Assert.Equal(request, read with { Model = read.Model with { InputModes = modes } });
    }

    [Fact]
    public void Plan_takes_its_defaults_from_the_commands()
    {
        Assert.Equal(new PlanRequest { Model = new ModelRequest { Preset = "p" }, Batch = 96, Objective = PlanObjective.Time }, ToolRun.Of("plan", "--preset", "p").PlanRequest);
        var run = ToolRun.Of("plan", "--batch", "1", "--objective", "multiply-adds");
        Assert.Equal((1, PlanObjective.MultiplyAdds), (run.PlanRequest!.Batch, run.PlanRequest.Objective));
    }

    [Fact]
    public void Evaluate_takes_a_model_and_data()
    {
        using var folder = new TemporaryFolder();
        var data = folder.WriteFile("data.npz");
        var run = ToolRun.Of("evaluate", folder.Path, data, "--resize", "4x3", "--seed", "8", "--threads", "1");
        Assert.Equal(new EvaluateRequest(folder.Path, data) { Resize = new FrameSize(4, 3), Seed = 8, Threads = 1 }, run.EvaluateRequest);
        Assert.Null(ToolRun.Of("evaluate", folder.Path).EvaluateRequest!.Data);
    }

    [Theory]
    [InlineData("1,2,3", "1,2,3")]
    [InlineData("57600", "57600")]
    [InlineData("auto", "auto")]
    [InlineData("", null)]
    [InlineData("8,", null)]
    [InlineData("8,0", null)]
    [InlineData("8,-1", null)]
    [InlineData("8x10", null)]
    [InlineData("8, 10", null)]
    [InlineData("99999999999", null)]
    public void Modes_are_sizes_or_auto(string text, string? expected) =>
        Assert.Equal(expected, Modes.TryParse(text, out var modes) ? modes.ToString() : null);

    [Theory]
    [InlineData("160x120", "160x120")]
    [InlineData("1x1", "1x1")]
    [InlineData("160", null)]
    [InlineData("160x", null)]
    [InlineData("0x10", null)]
    [InlineData("160x120x3", null)]
    [InlineData("160X120", null)]
    [InlineData("99999x1", null)]
    public void Frame_sizes_are_width_x_height(string text, string? expected) =>
        Assert.Equal(expected, FrameSize.TryParse(text, out var size) ? size.ToString() : null);

    [Theory]
    [InlineData("--help")]
    [InlineData("train", "--help")]
    [InlineData("--version")]
    public void Help_and_version_go_to_stdout_and_are_no_failure(params string[] arguments)
    {
        var run = ToolRun.Of(arguments);
        Assert.Equal((0, ""), (run.ExitCode, run.Error));
        Assert.NotEqual("", run.Output);
        Assert.Null(run.TrainRequest);
    }
}
