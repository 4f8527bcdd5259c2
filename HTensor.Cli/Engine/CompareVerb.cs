using System.Text;
using HTensor.Core;
using Spectre.Console;

namespace HTensor.Cli;

/// <summary>The work of <c>compare</c>.</summary>
internal static class CompareVerb
{
    public static void Run(CompareRequest request, CommandIo io)
    {
        if (request.Runs.Count < 2) throw new RequestException($"compare: expected two runs or more, found {request.Runs[0]} alone");
        var runs = Request.Check(() => request.Runs.Select(FinishedRun.Read).ToArray());
        Request.Check(() => OutputFile.Write(request.Out, file => file.Write(Encoding.UTF8.GetBytes(ComparisonPage.Write(runs)))));
        io.WriteJson(writer =>
        {
            writer.WriteStartObject();
            writer.WriteStartArray("runs");
            foreach (var run in runs) run.Result.WriteTo(writer);
            writer.WriteEndArray();
            writer.WriteString("page", request.Out);
            writer.WriteEndObject();
        });
        var table = ResultTables.Make("run", "format", "input", "cell", "test", "s");
        foreach (var run in runs)
            table.AddRow([.. ((string[])[run.Name, run.Text("format"), run.Count("inputParameters"), run.Count("cellParameters"), run.Test, run.Count("secondsTotal")]).Select(ResultTables.Cell)]);
        io.Console.Write(table);
        io.Say($"report: {request.Out}");
    }
}
