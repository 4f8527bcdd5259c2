using HTensor.Cli;

using var cancellation = new CancellationTokenSource();
Console.CancelKeyPress += (_, pressed) =>
{
    // The first Ctrl+C ends the run in order; a second one ends the process.
    pressed.Cancel = !cancellation.IsCancellationRequested;
    cancellation.Cancel();
};
var io = new CommandIo(Console.Out, Console.Error, !Console.IsOutputRedirected, !Console.IsErrorRedirected, cancellation.Token);
return Tool.Run(args, io, new EngineVerbs(TimeProvider.System, new DefaultVideo()));
