using BenchmarkDotNet.Running;
using HTensor.Bench;

if (args is ["micro", ..])
{
    BenchmarkSwitcher.FromAssembly(typeof(PeerOptions).Assembly).Run(args[1..]);
    return 0;
}

if (args is ["plans"]) return PlansCommand.Run();
if (args is ["growth", var folder]) return GrowthCommand.Run(folder);

if (!PeerOptions.TryParse(args, out var options, out var problem))
{
    Console.Error.WriteLine(problem);
    return 2;
}

return PeersCommand.Run(options);
