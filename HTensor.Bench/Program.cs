using BenchmarkDotNet.Running;
using HTensor.Bench;

if (args is ["micro", ..])
{
    // In this process: BenchmarkDotNet's own would build the whole solution anew for each job, for minutes.
    BenchmarkSwitcher.FromAssembly(typeof(PeerOptions).Assembly).Run([.. args[1..], "--inProcess"]);
    return 0;
}

if (args is ["compression", ..]) return CompressionCommand.Run(args[1..]);
if (args is ["experiments", ..]) return ExperimentsCommand.Run(args[1..]);
if (args is ["plans"]) return PlansCommand.Run();
if (args is ["growth", var folder]) return GrowthCommand.Run(folder);

if (!PeerOptions.TryParse(args, out var options, out var problem))
{
    Console.Error.WriteLine(problem);
    return 2;
}

return PeersCommand.Run(options);
