using HTensor.Cli;

using var interruption = new Interruption();
var io = new CommandIo(Console.Out, Console.Error, !Console.IsOutputRedirected, !Console.IsErrorRedirected, interruption.Token);
return interruption.ExitCodeOf(Tool.Run(args, io, new EngineVerbs(TimeProvider.System, new DefaultVideo())));
