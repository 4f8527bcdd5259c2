using System.Numerics;
using HTensor.Autodiff;
using HTensor.Kernels;

namespace HTensor.Rnn;

/// <summary>
/// First values of a classifier: the input matrix with mean square entry 1 / N whatever its format, so that scaled frames give
/// pre-activations of variance 1; each gate's recurrent matrix orthogonal; the forget gate's bias 1; the read-out with variance 1 / H.
/// </summary>
internal static class ClassifierInitializer
{
    private const int ForgetGate = 1;

    public static void Fill<T>(ClassifierLayout layout, ParameterSet<T> parameters, ulong seed)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var random = new Philox(seed);
        var network = layout.Input.Network;
        FactoredNormal.Fill(network, [.. Enumerable.Range(0, network.Cores.Count).Select(core => parameters[layout.InputName(core)])], 1.0 / layout.FrameSize, random);
        FillRecurrent(layout.Hidden, parameters[ClassifierLayout.RecurrentName].Values, random);
        parameters[ClassifierLayout.BiasName].Values.Slice(ForgetGate * layout.Hidden, layout.Hidden).Fill(T.One);
        random.FillNormal(parameters[ClassifierLayout.ReadoutName].Values, T.CreateChecked(1 / double.Sqrt(layout.Hidden)));
    }

    /// <summary>U [H, 4 H], each gate's block [H, H] orthogonal.</summary>
    private static void FillRecurrent<T>(int hidden, Span<T> recurrent, Philox random)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        for (var gate = 0; gate < ClassifierLayout.Gates; gate++)
        {
            var block = OrthogonalMatrix.Draw(hidden, random);
            for (var row = 0; row < hidden; row++)
            {
                for (var column = 0; column < hidden; column++)
                    recurrent[(row * ClassifierLayout.Gates + gate) * hidden + column] = T.CreateChecked(block[row * hidden + column]);
            }
        }
    }
}
