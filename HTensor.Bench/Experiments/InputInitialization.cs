using HTensor.Autodiff;
using HTensor.Cli;
using HTensor.Core;
using HTensor.Kernels;

namespace HTensor.Bench;

/// <summary>
/// Other ways in which the cores of an input matrix may begin: rules of other libraries, to be compared with HTensor's own, which scales normal cores until the mean square
/// of W is 1 / N.
/// </summary>
internal static class InputInitialization
{
    public const string Constant = "each core normal, deviation 0.5";
    public const string CoreGlorot = "each core Glorot by its own sizes";
    public const string NoRoot = "the root left out of the cores' deviation";
    public const string Orthonormal = "orthonormal frames, the scale in the root";

    private const ulong Stream = 0x494E4954;

    public static void Apply(string rule, TrainingJob job)
    {
        var network = job.Setting.Input.Network;
        var cores = network.Cores.Select(core => job.Model.Parameters[$"input.{core.Name}"]).ToArray();
        var random = new Philox(job.Options.Seed, Stream);
        for (var i = 0; i < cores.Length; i++) Fill(rule, network, cores[i], i == cores.Length - 1, random);
        if (rule == Orthonormal) ScaleRoot(network, cores);
    }

    private static void Fill(string rule, MatrixNetwork network, Parameter<float> core, bool isRoot, Philox random)
    {
        var sizes = core.Shape.Sizes;
        // Var W = sigma^(2 cores) prod ranks: without the last root the deviation is the wanted variance's.
        var ranks = network.Bonds.Values.Aggregate(1.0, (product, rank) => product * rank);
        var deviation = rule switch
        {
            Constant => 0.5,
            CoreGlorot => Math.Sqrt(2.0 / (sizes[0] + sizes.Skip(1).Aggregate(1.0, (product, size) => product * size))),
            NoRoot => Power(1.0 / network.Modes.Rows / ranks, 1.0 / network.Cores.Count),
            _ => 1,
        };
        random.FillNormal(core.Values, (float)deviation);
        if (rule == Orthonormal && !isRoot) Orthonormalize(core.Values, sizes[^1]);
    }

    /// <summary>The columns of [rows, rank] freed from those before them, twice, and scaled to length 1.</summary>
    private static void Orthonormalize(Span<float> values, int rank)
    {
        var rows = values.Length / rank;
        for (var column = 0; column < rank; column++)
        {
            for (var pass = 0; pass < 2; pass++)
            {
                for (var before = 0; before < column; before++)
                {
                    var dot = 0.0;
                    for (var row = 0; row < rows; row++) dot += (double)values[row * rank + before] * values[row * rank + column];
                    for (var row = 0; row < rows; row++) values[row * rank + column] -= (float)(dot * values[row * rank + before]);
                }
            }

            var square = 0.0;
            for (var row = 0; row < rows; row++) square += (double)values[row * rank + column] * values[row * rank + column];
            for (var row = 0; row < rows; row++) values[row * rank + column] /= (float)Math.Sqrt(square);
        }
    }

    /// <summary>Over orthonormal frames the norm of W is that of the root.</summary>
    private static void ScaleRoot(MatrixNetwork network, Parameter<float>[] cores)
    {
        var square = 0.0;
        foreach (var value in cores[^1].Values) square += (double)value * value;
        var scale = (float)Math.Sqrt(network.Modes.DenseParameters / (double)network.Modes.Rows / square);
        foreach (ref var value in cores[^1].Values) value *= scale;
    }

    private static double Power(double x, double exponent) => ScalarFunctions.Exp(exponent * ScalarFunctions.Log(x));
}
