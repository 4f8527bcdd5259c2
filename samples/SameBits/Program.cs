using System.Globalization;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using HTensor.Samples;

// Prints a hash for each kernel and each small training. The output must be the same on every machine, on any number of threads (the first
// argument, 1 if none) and under every switch: recorded.txt holds it, .ci/same-bits compares. What the machine is goes to stderr.
var threads = args.Length == 0 ? 1 : int.Parse(args[0], CultureInfo.InvariantCulture);
foreach (var line in KernelBits<float>.Lines(threads).Concat(KernelBits<double>.Lines(threads)).Concat(TrainingBits.Lines(threads))) Console.WriteLine(line);

var bits = Vector512.IsHardwareAccelerated ? 512 : Vector256.IsHardwareAccelerated ? 256 : Vector128.IsHardwareAccelerated ? 128 : 0;
Console.Error.WriteLine($"{bits} bits, {(RuntimeFeature.IsDynamicCodeCompiled ? "just in time" : "ahead of time")}, C library {CLibrary()}");

// Not the engine's: what the C library behind Math gives, to show that a switch of its own was heard.
static string CLibrary()
{
    using var hash = new BitHash();
    for (var x = -20.0; x < 20; x += 0.01) hash.Add<double>([Math.Exp(x), Math.Sin(x), Math.Pow(1.1, x), Math.Log(x + 21)]);
    return hash.End();
}
