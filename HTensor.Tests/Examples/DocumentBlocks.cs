namespace HTensor.Tests.Examples;

/// <summary>The C# blocks of a document, and what their comments behind <c>// -></c> say that they print.</summary>
internal sealed record DocumentBlock(string[] Code, string[] Prints)
{
    private const string Arrow = "// -> ";

    public static DocumentBlock[] Of(string document)
    {
        var blocks = new List<DocumentBlock>();
        List<string>? open = null;
        foreach (var line in File.ReadLines(Path.Combine(Repository.Root(), document)))
        {
            if (line == "```csharp") open = [];
            else if (line == "```" && open is not null)
            {
                blocks.Add(new DocumentBlock([.. open], [.. open.Where(code => code.Contains(Arrow, StringComparison.Ordinal)).Select(code => code[(code.IndexOf(Arrow, StringComparison.Ordinal) + Arrow.Length)..])]));
                open = null;
            }
            else open?.Add(line);
        }

        return [.. blocks];
    }
}
