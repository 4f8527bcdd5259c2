using HTensor.Cli;

namespace HTensor.Tests;

/// <summary>One run of the tool on arguments, with verbs that keep what they were asked or do what a test says.</summary>
internal sealed class ToolRun : IVerbs
{
    private readonly Action<CommandIo>? _work;

    private ToolRun(Action<CommandIo>? work) => _work = work;

    public int ExitCode { get; private set; }

    public string Output { get; private set; } = "";

    public string Error { get; private set; } = "";

    public TrainRequest? TrainRequest { get; private set; }

    public EvaluateRequest? EvaluateRequest { get; private set; }

    public PredictRequest? PredictRequest { get; private set; }

    public PlanRequest? PlanRequest { get; private set; }

    public DecomposeRequest? DecomposeRequest { get; private set; }

    public ExportRequest? ExportRequest { get; private set; }

    public static ToolRun Of(params string[] arguments) => Working(null, arguments);

    /// <summary>The verb does this work.</summary>
    public static ToolRun Working(Action<CommandIo>? work, params string[] arguments)
    {
        var run = new ToolRun(work);
        run.Start(run, arguments);
        return run;
    }

    /// <summary>The verbs are the tool's own, over the engine.</summary>
    public static ToolRun OfEngine(params string[] arguments) => OfEngine(new DefaultVideo(), arguments);

    /// <summary>The same, with a generated video of other length.</summary>
    public static ToolRun OfEngine(DefaultVideo video, params string[] arguments)
    {
        var run = new ToolRun(null);
        run.Start(new EngineVerbs(TimeProvider.System, video), arguments);
        return run;
    }

    /// <summary>The user presses Ctrl+C when <paramref name="text"/> has appeared; every step of training prints a line.</summary>
    public static ToolRun InterruptedAt(string text, params string[] arguments)
    {
        using var interruption = new CancellationTokenSource();
        using var output = new WatchedWriter(text, interruption.Cancel);
        var run = new ToolRun(null);
        run.Start(new EngineVerbs(new HurryingClock(), new DefaultVideo()), arguments, output, interruption.Token);
        return run;
    }

    /// <summary>Asserts that the request was refused in one line of stderr, and gives the line.</summary>
    public string RequireRefusal(int exitCode = HTensor.Cli.ExitCode.WrongRequest)
    {
        Assert.Equal(exitCode, ExitCode);
        Assert.Equal("", Output);
        Assert.EndsWith(Environment.NewLine, Error);
        var line = Error[..^Environment.NewLine.Length];
        Assert.DoesNotContain('\n', line);
        Assert.StartsWith("htensor: ", line);
        Assert.DoesNotContain("   at ", line);
        return line;
    }

    void IVerbs.Train(TrainRequest request, CommandIo io) => Do(() => TrainRequest = request, io);

    void IVerbs.Evaluate(EvaluateRequest request, CommandIo io) => Do(() => EvaluateRequest = request, io);

    void IVerbs.Predict(PredictRequest request, CommandIo io) => Do(() => PredictRequest = request, io);

    void IVerbs.Inspect(InspectRequest request, CommandIo io) => Do(() => { }, io);

    void IVerbs.Decompose(DecomposeRequest request, CommandIo io) => Do(() => DecomposeRequest = request, io);

    void IVerbs.Reconstruct(ReconstructRequest request, CommandIo io) => Do(() => { }, io);

    void IVerbs.Compress(CompressRequest request, CommandIo io) => Do(() => { }, io);

    void IVerbs.Compare(CompareRequest request, CommandIo io) => Do(() => { }, io);

    void IVerbs.Prepare(PrepareRequest request, CommandIo io) => Do(() => { }, io);

    void IVerbs.Presets(CommandIo io) => Do(() => { }, io);

    void IVerbs.Export(ExportRequest request, CommandIo io) => Do(() => ExportRequest = request, io);

    void IVerbs.Plan(PlanRequest request, CommandIo io) => Do(() => PlanRequest = request, io);

    private void Start(IVerbs verbs, string[] arguments)
    {
        using var output = new StringWriter();
        Start(verbs, arguments, output, TestContext.Current.CancellationToken);
    }

    private void Start(IVerbs verbs, string[] arguments, StringWriter output, CancellationToken cancellation)
    {
        using var error = new StringWriter();
        var io = new CommandIo(output, error, outputIsTerminal: false, errorIsTerminal: false, cancellation);
        ExitCode = Tool.Run(arguments, io, verbs);
        (Output, Error) = (output.ToString(), error.ToString());
    }

    private void Do(Action keep, CommandIo io)
    {
        keep();
        _work?.Invoke(io);
    }

    /// <summary>Eleven seconds pass between any two looks at it.</summary>
    private sealed class HurryingClock : TimeProvider
    {
        private long _seconds;

        public override long TimestampFrequency => 1;

        public override long GetTimestamp() => _seconds += 11;
    }

    private sealed class WatchedWriter(string text, Action seen) : StringWriter
    {
        public override void Write(string? value)
        {
            base.Write(value);
            if (ToString().Contains(text, StringComparison.Ordinal)) seen();
        }
    }
}
