using Spectre.Console;

namespace HTensor.Cli;

/// <summary>Tables of results for people.</summary>
internal static class ResultTables
{
    public static void Parameters(IAnsiConsole console, IReadOnlyList<ParameterRow> rows)
    {
        var table = Make("parameters", "stored", "dense", "ratio");
        foreach (var row in rows)
        {
            var dense = row.DenseParameters is { } count ? Words.Count(count) : "";
            var ratio = row.Ratio is { } value ? Words.Ratio(value) : "";
            table.AddRow(Cell(row.Part), Cell(Words.Count(row.Parameters)), Cell(dense), Cell(ratio));
        }

        console.Write(table);
    }

    public static void Figures(IAnsiConsole console, IReadOnlyList<NamedValue> figures)
    {
        var grid = new Grid().AddColumn(new GridColumn().NoWrap()).AddColumn();
        foreach (var figure in figures) grid.AddRow(Cell(figure.Name), Cell(figure.Value));
        console.Write(grid);
    }

    /// <summary>A table whose first column is text and whose others are numbers.</summary>
    public static Table Make(params string[] columns)
    {
        var table = new Table().Border(TableBorder.Simple);
        for (var i = 0; i < columns.Length; i++)
        {
            var column = new TableColumn(Markup.Escape(columns[i]));
            table.AddColumn(i == 0 ? column : column.RightAligned().NoWrap());
        }

        return table;
    }

    public static Text Cell(string text) => new(text);
}
