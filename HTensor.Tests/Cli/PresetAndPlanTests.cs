using System.Text.Json;
using HTensor.Rnn;

namespace HTensor.Tests;

/// <summary>The verbs <c>presets</c> and <c>plan</c> over the engine.</summary>
public sealed class PresetAndPlanTests
{
    [Fact]
    public void Presets_are_all_listed_with_what_is_counted()
    {
        var run = ToolRun.OfEngine("presets", "--json");
        Assert.Equal((0, ""), (run.ExitCode, run.Error));
        using var json = JsonDocument.Parse(run.Output);
        Assert.Equal(PublishedPresets.All.Select(preset => preset.Name), json.RootElement.EnumerateArray().Select(row => row.GetProperty("name").GetString()));
        var row = json.RootElement.EnumerateArray().Single(row => row.GetProperty("name").GetString() == "tt-gru-music-r3");
        Assert.Equal("""{"name":"tt-gru-music-r3","scope":"cell","format":"tt","inputModes":[4,4,4,4],"outputModes":[8,4,4,12],"ranks":"rank 3","parameters":2688,"denseParameters":1181184,"ratio":439.42857142857144,"printedParameters":2688}""",
            row.GetRawText());
    }

    [Fact]
    public void The_table_of_presets_fits_a_terminal()
    {
        var run = ToolRun.OfEngine("presets");
        Assert.All(run.Output.Split(Environment.NewLine), line => Assert.InRange(line.Length, 0, 80));
        Assert.All(PublishedPresets.All, preset => Assert.Contains(preset.Name, run.Output));
    }

    [Theory]
    [InlineData("ht-lstm-ucf11", 1_886_382)]
    [InlineData("tt-lstm-ucf11", 1_937_408)]
    [InlineData("bt-lstm-ucf11-r4", 4_563_328)]
    [InlineData("tr-lstm-ucf11", 1_473_629)]
    public void Plans_by_multiply_adds_are_the_exact_minima(string preset, double expected)
    {
        var run = ToolRun.OfEngine("plan", "--preset", preset, "--batch", "96", "--objective", "multiply-adds", "--json");
        Assert.Equal((0, ""), (run.ExitCode, run.Error));
        using var json = JsonDocument.Parse(run.Output);
        var (plan, other) = (json.RootElement, json.RootElement.GetProperty("other"));
        Assert.Equal(expected, plan.GetProperty("multiplyAdds").GetDouble(), 0.5);
        Assert.Equal(("multiply-adds", "time"), (plan.GetProperty("objective").GetString(), other.GetProperty("objective").GetString()));
        Assert.InRange(other.GetProperty("multiplyAdds").GetDouble(), expected - 1, double.MaxValue);
        Assert.Equal(plan.GetProperty("steps").GetArrayLength(), other.GetProperty("steps").GetArrayLength());
        Assert.True(plan.GetProperty("exact").GetBoolean());
        Assert.True(plan.GetProperty("bytes").GetDouble() > 0 && plan.GetProperty("largestIntermediate").GetDouble() > 0);
    }

    [Fact]
    public void The_plan_for_people_shows_both_plans()
    {
        var ring = ToolRun.OfEngine("plan", "--preset", "tr-lstm-ucf11", "--objective", "multiply-adds").Output;
        Assert.All(ring.Split(Environment.NewLine), line => Assert.InRange(line.Length, 0, 80));
        Assert.Contains("1,725 parameters", ring);
        Assert.Contains("plan by multiply-adds;", ring);
        Assert.Contains("plan by time, which training runs;", ring);
        Assert.Contains("1,473,629", ring);

        var tree = ToolRun.OfEngine("plan").Output;
        Assert.Contains("8x10x10x9x8 -> 16x4x2x4x2, 1,245 parameters", tree);
        Assert.Contains("plan by multiply-adds: the same", tree);
    }

    [Fact]
    public void A_plan_that_is_not_exact_says_so()
    {
        var run = ToolRun.OfEngine("plan", "--preset", "tr-lstm-ucf11", "--gates", "own", "--json");
        using var json = JsonDocument.Parse(run.Output);
        Assert.False(json.RootElement.GetProperty("exact").GetBoolean());
        Assert.Contains("15 operands", ToolRun.OfEngine("plan", "--preset", "tr-lstm-ucf11", "--gates", "own").Output);
    }

    [Theory]
    [InlineData("ht", "rank 4, inner rank 5")]
    [InlineData("cp", "rank 4")]
    [InlineData("tucker", "rank 2")]
    [InlineData("dense", "57600 -> 1024")]
    public void Every_format_has_a_plan(string format, string settings) =>
        Assert.Contains(settings, ToolRun.OfEngine("plan", "--format", format).Output);

    [Theory]
    [InlineData("--preset: expected lstm-ucf11, tt-lstm-ucf11, ", "--preset", "ht-lstm")]
    [InlineData("hierarchical Tucker, leaf rank of node {1}: expected a rank of 1 to 40, found 100", "--rank", "100")]
    [InlineData("hierarchical Tucker, inner rank of node {0,1}: expected a rank of 1 to 16, found 17", "--inner-rank", "17")]
    [InlineData("tensor train, bond 0 between modes 0 and 1: expected a rank of 1 to 128, found 129", "--format", "tt", "--rank", "129")]
    [InlineData("Tucker, output mode 2: expected a rank of 1 to 2, found 3", "--format", "tucker", "--rank", "3")]
    [InlineData("--hidden-modes 4,4: expected a product of 100, the value of --hidden, found 16; --hidden-modes auto would choose 10,10", "--input-modes", "10,10", "--hidden", "100", "--hidden-modes", "4,4")]
    [InlineData("hierarchical Tucker: expected as many input modes as output modes, found 5 (8x10x10x9x8) and 4 (16x4x4x4)", "--preset", "ht-lstm-ucf11", "--hidden-modes", "4,4,4,4")]
    [InlineData("dimension tree \"(0,1)\": expected each of the modes 0 to 4 once, found mode 2 0 times", "--tree", "(0,1)")]
    [InlineData("input modes 70000x70000: their product exceeds 2147483647", "--input-modes", "70000,70000")]
    [InlineData("gates x hidden units: expected at most", "--input-modes", "2", "--hidden", "2147483647", "--format", "dense")]
    public void What_does_not_fit_is_one_line_and_exit_code_2(string expected, params string[] options) =>
        Assert.StartsWith("htensor: " + expected, ToolRun.OfEngine(["plan", .. options]).RequireRefusal());
}
