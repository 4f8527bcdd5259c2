using System.Text.Json;
using Spectre.Console;

namespace HTensor.Cli;

/// <summary>
/// Where a verb writes. With <c>--json</c> the one line of stdout is the JSON value and everything else goes to stderr;
/// without it everything is for people and goes to stdout.
/// </summary>
internal sealed class CommandIo
{
    private const int PlainWidth = 80;

    private readonly TextWriter _output;
    private readonly TextWriter _error;
    private readonly bool _outputIsTerminal;
    private readonly bool _errorIsTerminal;
    private IAnsiConsole? _console;

    public CommandIo(TextWriter output, TextWriter error, bool outputIsTerminal, bool errorIsTerminal, CancellationToken cancellation)
    {
        _output = output;
        _error = error;
        _outputIsTerminal = outputIsTerminal;
        _errorIsTerminal = errorIsTerminal;
        Cancellation = cancellation;
    }

    /// <summary>Cancelled by Ctrl+C.</summary>
    public CancellationToken Cancellation { get; }

    /// <summary>The result is one JSON value.</summary>
    public bool Json { get; set; }

    /// <summary>A failure prints where it came from.</summary>
    public bool Verbose { get; set; }

    /// <summary>True where lines for people reach a terminal, so that they may move and have colour.</summary>
    public bool IsTerminal => Json ? _errorIsTerminal : _outputIsTerminal;

    /// <summary>For lines and tables that people read.</summary>
    public IAnsiConsole Console => _console ??= MakeConsole(Json ? _error : _output);

    /// <summary>The plain writer under help and version.</summary>
    public TextWriter Output => _output;

    public TextWriter Error => _error;

    /// <summary>A line for people.</summary>
    public void Say(string line) => Console.WriteLine(line);

    /// <summary>The one line of stdout that <c>--json</c> promises; does nothing without it.</summary>
    public void WriteJson(Action<Utf8JsonWriter> write)
    {
        if (!Json) return;
        _output.WriteLine(JsonText.Of(write));
        _output.Flush();
    }

    private IAnsiConsole MakeConsole(TextWriter writer)
    {
        var console = AnsiConsole.Create(new AnsiConsoleSettings
        {
            Ansi = IsTerminal ? AnsiSupport.Detect : AnsiSupport.No,
            ColorSystem = IsTerminal ? ColorSystemSupport.Detect : ColorSystemSupport.NoColors,
            Interactive = IsTerminal ? InteractionSupport.Detect : InteractionSupport.No,
            Out = new AnsiConsoleOutput(writer),
        });
        if (!IsTerminal) console.Profile.Width = PlainWidth;
        return console;
    }
}
