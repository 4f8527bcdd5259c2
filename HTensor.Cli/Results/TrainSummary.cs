using System.Text.Json;
using HTensor.Rnn;
using Spectre.Console;

namespace HTensor.Cli;

/// <summary>What a training run came to: the keys of <c>train --json</c>, the closing table, the head of the report.</summary>
internal sealed record TrainSummary
{
    /// <summary>How the input matrix is held.</summary>
    public required string Format { get; init; }

    public required string RecurrentFormat { get; init; }

    /// <summary>Numbers that hold the input matrix W.</summary>
    public required long InputParameters { get; init; }

    public required long DenseInputParameters { get; init; }

    /// <summary>W, U and the biases.</summary>
    public required long CellParameters { get; init; }

    public required long DenseCellParameters { get; init; }

    /// <summary>The cell and the read-out.</summary>
    public required long ModelParameters { get; init; }

    public required int Epochs { get; init; }

    public required double TrainLoss { get; init; }

    /// <summary>0 to 1, of the best model on the test split; null for a next-step predictor, or without a test split.</summary>
    public double? TestAccuracy { get; init; }

    /// <summary>Nats a step, of a next-step predictor.</summary>
    public double? TestNll { get; init; }

    /// <summary>Mean squared error of a regression, summed over its numbers.</summary>
    public double? TestSquaredError { get; init; }

    public required double SecondsTotal { get; init; }

    /// <summary>The median of a training step, data reading and optimizer included, the first ten steps dropped.</summary>
    public required double MillisecondsPerStep { get; init; }

    public required double PeakMemoryMegabytes { get; init; }

    public required ulong Seed { get; init; }

    public required int Threads { get; init; }

    public required string WeightsSha256 { get; init; }

    /// <summary>The run folder.</summary>
    public required string Run { get; init; }

    private ParameterCounts Counts => new(InputParameters, DenseInputParameters, CellParameters, DenseCellParameters, ModelParameters);

    public void WriteTo(Utf8JsonWriter writer)
    {
        writer.WriteStartObject();
        writer.WriteString("format", Format);
        writer.WriteString("recurrentFormat", RecurrentFormat);
        CountFigures.Write(writer, Counts);
        writer.WriteNumber("epochs", Epochs);
        writer.WriteFinite("trainLoss", TrainLoss);
        if (TestNll is not null) writer.WriteFinite("testNll", TestNll);
        else if (TestSquaredError is not null) writer.WriteFinite("testSquaredError", TestSquaredError);
        else writer.WriteFinite("testAccuracy", TestAccuracy);
        writer.WriteFinite("secondsTotal", SecondsTotal);
        writer.WriteFinite("millisecondsPerStep", MillisecondsPerStep);
        writer.WriteFinite("peakMemoryMegabytes", PeakMemoryMegabytes);
        writer.WriteNumber("seed", Seed);
        writer.WriteNumber("threads", Threads);
        writer.WriteString("weightsSha256", WeightsSha256);
        writer.WriteString("run", Run);
        writer.WriteEndObject();
    }

    /// <summary>The figures in words, for the table and the report.</summary>
    public IReadOnlyList<NamedValue> Figures() =>
    [
        .. TestAccuracy is { } accuracy ? [new("test accuracy", ProgressText.Percent(accuracy))] : Array.Empty<NamedValue>(),
        .. TestNll is { } nll ? [new("test negative log-likelihood", $"{Words.Fixed(nll, 3)} nats a step, {Words.Fixed(nll / Math.Log(2), 3)} bits")] : Array.Empty<NamedValue>(),
        .. TestSquaredError is { } error ? [new("test squared error", Words.Number(error))] : Array.Empty<NamedValue>(),
        new("training loss", Words.Fixed(TrainLoss, 4)),
        new("epochs", Words.Count(Epochs)),
        new("time", Words.Fixed(SecondsTotal, 1) + " s"),
        new("time a step", Words.Fixed(MillisecondsPerStep, 2) + " ms"),
        new("peak memory", Words.Fixed(PeakMemoryMegabytes, 0) + " MB"),
        new("seed, threads", $"{Seed}, {Threads}"),
        new("SHA-256", WeightsSha256),
    ];

    /// <summary>The parameters beside the dense ones, for the table and the report.</summary>
    public IReadOnlyList<ParameterRow> Parameters() => CountFigures.Rows(Format, Counts);

    /// <summary>Prints both as tables of at most 80 columns.</summary>
    public void Print(IAnsiConsole console)
    {
        ResultTables.Parameters(console, Parameters());
        ResultTables.Figures(console, Figures());
    }
}
