using HTensor.Cli;

namespace HTensor.Tests;

/// <summary>Every wrong request is one line on stderr and exit code 2; a failed run is one line and exit code 1.</summary>
public sealed class ToolErrorTests
{
    [Theory]
    [InlineData("expected a verb: train, evaluate, predict, compress, inspect, presets, plan")]
    [InlineData("unknown verb \"trian\": expected train, evaluate, predict, compress, inspect, presets, plan", "trian")]
    [InlineData("train: unknown option --epoch; did you mean --epochs?", "train", "--epoch", "3")]
    [InlineData("train: unknown option --epoch; did you mean --epochs?", "train", "--epoch=3")]
    [InlineData("train: unknown option --no-such-thing", "train", "--no-such-thing")]
    [InlineData("presets: unknown option --jsn; did you mean --json?", "presets", "--jsn")]
    [InlineData("plan: unexpected argument \"file.npz\"", "plan", "file.npz")]
    [InlineData("--epochs: expected a whole number of at least 1, found \"0\"", "train", "--epochs", "0")]
    [InlineData("--epochs: expected a whole number of at least 1, found \"-1\"", "train", "--epochs", "-1")]
    [InlineData("--epochs: expected a whole number of at least 1, found \"two\"", "train", "--epochs", "two")]
    [InlineData("--rank: expected a whole number of at least 1, found \"0\"", "train", "--rank", "0")]
    [InlineData("--threads: expected a whole number of at least 1, found \"0\"", "train", "--threads", "0")]
    [InlineData("--seed: expected a whole number of at least 0, found \"-3\"", "train", "--seed", "-3")]
    [InlineData("--learning-rate: expected a number above 0, found \"NaN\"", "train", "--learning-rate", "NaN")]
    [InlineData("--learning-rate: expected a number above 0, found \"1,5\"", "train", "--learning-rate", "1,5")]
    [InlineData("--dropout: expected a number from 0 to below 1, found \"1\"", "train", "--dropout", "1")]
    [InlineData("--format: expected dense, ht, tt, tr, bt, tucker, cp or lowrank, found \"htt\"", "train", "--format", "htt")]
    [InlineData("--input-modes: expected sizes such as 8,10,10,9,8 or auto, found \"8x10\"", "train", "--input-modes", "8x10")]
    [InlineData("--resize: expected a width and a height in pixels such as 160x120, found \"160\"", "train", "--resize", "160")]
    [InlineData("--objective: expected time or multiply-adds, found \"bytes\"", "plan", "--objective", "bytes")]
    [InlineData("DATA: expected a file or folder, found nothing at no/such.npz", "train", "no/such.npz")]
    [InlineData("DATA: expected a file or folder, found nothing at @file", "train", "@file")]
    [InlineData("MODEL: expected a file or run folder, found nothing at no.safetensors", "evaluate", "no.safetensors", "no.npz")]
    public void Wrong_requests_are_one_line_and_exit_code_2(string expected, params string[] arguments) =>
        Assert.StartsWith("htensor: " + expected, ToolRun.Of(arguments).RequireRefusal());

    [Theory]
    [InlineData("train", "--epochs")]
    [InlineData("train", "--epochs", "1", "--epochs", "2")]
    [InlineData("evaluate")]
    [InlineData("train", "--json", "--format", "x")]
    public void Missing_and_doubled_values_are_one_line_and_exit_code_2(params string[] arguments) => ToolRun.Of(arguments).RequireRefusal();

    [Fact]
    public void What_the_engine_refuses_while_preparing_is_a_wrong_request()
    {
        var run = ToolRun.Working(_ => Request.Check(() => throw new ArgumentException("modes 3x4: expected a product of 10,\nfound 12", "modes")), "presets");
        Assert.Equal("htensor: modes 3x4: expected a product of 10, found 12", run.RequireRefusal());
    }

    [Theory]
    [InlineData(typeof(InvalidDataException))]
    [InlineData(typeof(FileNotFoundException))]
    public void A_file_that_proves_wrong_during_the_run_is_a_wrong_request_too(Type exception) =>
        ToolRun.Working(_ => throw (Exception)Activator.CreateInstance(exception, "data.npz: cut short")!, "presets").RequireRefusal();

    [Fact]
    public void A_failed_run_is_one_line_and_exit_code_1()
    {
        var run = ToolRun.Working(_ => throw new InvalidOperationException("loss is NaN at step 3"), "train");
        Assert.Equal("htensor: loss is NaN at step 3", run.RequireRefusal(ExitCode.RunFailed));
    }

    [Fact]
    public void A_failure_on_a_worker_thread_is_its_own_line()
    {
        var run = ToolRun.Working(_ => throw new AggregateException(new ArithmeticException("loss is NaN at step 3")), "train");
        Assert.Equal("htensor: loss is NaN at step 3", run.RequireRefusal(ExitCode.RunFailed));
    }

    [Fact]
    public void Verbose_says_where()
    {
        var run = ToolRun.Working(_ => throw new InvalidOperationException("loss is NaN"), "train", "--verbose");
        Assert.Equal(ExitCode.RunFailed, run.ExitCode);
        Assert.Contains("   at ", run.Error);
        Assert.EndsWith("htensor: loss is NaN" + Environment.NewLine, run.Error);
    }

    [Fact]
    public void An_interrupted_run_says_so() =>
        Assert.Equal("htensor: interrupted", ToolRun.Working(_ => throw new OperationCanceledException(), "train").RequireRefusal(ExitCode.Interrupted));
}
