using System.Text.Json;
using HTensor.Rnn;
using Spectre.Console;

namespace HTensor.Cli;

/// <summary>How often each class was taken for each: a row a true class, a column a predicted one.</summary>
internal sealed class ConfusionMatrix
{
    private readonly long[] _counts;

    public ConfusionMatrix(IReadOnlyList<string> classNames)
    {
        ClassNames = classNames;
        _counts = new long[classNames.Count * classNames.Count];
    }

    public static ConfusionMatrix Of(Evaluation evaluation, IReadOnlyList<string> classNames)
    {
        var matrix = new ConfusionMatrix(classNames);
        for (var i = 0; i < evaluation.Count; i++) matrix.Add(evaluation.Labels[i], evaluation.Predictions[i]);
        return matrix;
    }

    public IReadOnlyList<string> ClassNames { get; }

    public long Count => _counts.Sum();

    public long Correct => Enumerable.Range(0, ClassNames.Count).Sum(label => this[label, label]);

    /// <summary>0 to 1; 0 of nothing.</summary>
    public double Accuracy => Count == 0 ? 0 : (double)Correct / Count;

    public long this[int label, int predicted] => _counts[label * ClassNames.Count + predicted];

    public void Add(int label, int predicted) => _counts[label * ClassNames.Count + predicted]++;

    public long RowSum(int label) => Enumerable.Range(0, ClassNames.Count).Sum(predicted => this[label, predicted]);

    public void WriteTo(Utf8JsonWriter writer)
    {
        writer.WriteStartArray();
        for (var label = 0; label < ClassNames.Count; label++)
        {
            writer.WriteStartArray();
            for (var predicted = 0; predicted < ClassNames.Count; predicted++) writer.WriteNumberValue(this[label, predicted]);
            writer.WriteEndArray();
        }

        writer.WriteEndArray();
    }

    /// <summary>Prints it with the classes numbered along the top, so that it stays narrow.</summary>
    public void Print(IAnsiConsole console)
    {
        var columns = Enumerable.Range(0, ClassNames.Count).Select(label => $"{label}");
        var table = ResultTables.Make(["true class, predicted", .. columns]);
        for (var label = 0; label < ClassNames.Count; label++)
        {
            var counts = Enumerable.Range(0, ClassNames.Count)
                .Select(predicted => this[label, predicted] == 0 ? "." : $"{this[label, predicted]}");
            table.AddRow([ResultTables.Cell($"{label} {ClassNames[label]}"), .. counts.Select(ResultTables.Cell)]);
        }

        foreach (var column in table.Columns) column.Padding(0, 1);
        console.Write(table);
    }
}
