using System.Numerics;
using HTensor.Autodiff;
using HTensor.Core;
using HTensor.Kernels;

namespace HTensor.Rnn;

/// <summary>
/// First values of a model: an input matrix with mean square entry 1 / N whatever its format, so that scaled frames give pre-activations of
/// variance 1; each gate's recurrent matrix orthogonal, in cores of the same largest singular value; an LSTM's forget gate's bias 1; a layer in front with variance
/// 2 / N; embeddings with variance 1; the read-out with variance 1 / H.
/// </summary>
internal static class ClassifierInitializer
{
    private const int ForgetGate = 1;

    public static void Fill<T>(ClassifierLayout layout, ParameterSet<T> parameters, ulong seed)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var random = new Philox(seed);
        if (layout.Options.Front is { } front)
            random.FillNormal(parameters[ClassifierLayout.FrontName].Values, T.CreateChecked(front.Kind == FrontKind.Embedding ? 1 : double.Sqrt(2.0 / front.Inputs)));
        foreach (var layer in layout.Layers.SelectMany(directions => directions)) Fill(layer, parameters, random);
        if (layout.Readout is { } readout) random.FillNormal(parameters[ClassifierLayout.ReadoutName].Values, T.CreateChecked(1 / double.Sqrt(readout.Modes.Rows)));
    }

    private static void Fill<T>(LayerLayout layer, ParameterSet<T> parameters, Philox random)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        if (layer.Joint is { } joint)
        {
            FactoredNormal.Fill(joint.Whole.Network, Cores(layer, parameters, "joint", joint.Whole), 1.0 / layer.Inputs, random);
            ScaleRows(layer, joint, parameters, RecurrentNorm.Scale(layer, parameters));
        }
        else
        {
            FactoredNormal.Fill(layer.Input.Network, Cores(layer, parameters, "input", layer.Input), 1.0 / layer.Inputs, random);
            if (layer.Recurrent is { } recurrent) FillRecurrent(layer, recurrent, parameters, random);
            else FillOrthogonal(layer, parameters[layer.Name(ClassifierLayout.RecurrentName)].Values, random);
        }

        if (layer.Cell == CellKind.Lstm) parameters[layer.BiasName].Values.Slice(ForgetGate * layer.Hidden, layer.Hidden).Fill(T.One);
    }

    private static Parameter<T>[] Cores<T>(LayerLayout layer, ParameterSet<T> parameters, string matrix, GateLayout layout)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
        [.. Enumerable.Range(0, layout.Network.Cores.Count).Select(core => parameters[layer.CoreName(matrix, layout, core)])];

    /// <summary>U [H, gates H], each gate's block [H, H] orthogonal.</summary>
    private static void FillOrthogonal<T>(LayerLayout layer, Span<T> recurrent, Philox random)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var hidden = layer.Hidden;
        for (var gate = 0; gate < layer.Gates; gate++)
        {
            var block = OrthogonalMatrix.Draw(hidden, random);
            for (var row = 0; row < hidden; row++)
            {
                for (var column = 0; column < hidden; column++)
                    recurrent[(row * layer.Gates + gate) * hidden + column] = T.CreateChecked(block[row * hidden + column]);
            }
        }
    }

    /// <summary>U in cores: normal ones, scaled alike.</summary>
    private static void FillRecurrent<T>(LayerLayout layer, GateLayout recurrent, ParameterSet<T> parameters, Philox random)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var cores = Cores(layer, parameters, "recurrent", recurrent);
        FactoredNormal.Fill(recurrent.Network, cores, 1.0 / layer.Hidden, random);
        var each = T.CreateChecked(ScalarFunctions.Exp(ScalarFunctions.Log(RecurrentNorm.Scale(layer, parameters)) / cores.Length));
        foreach (var core in cores)
        {
            foreach (ref var value in core.Values) value *= each;
        }
    }

    /// <summary>U's rows of a joint matrix: those cores' entries whose first input mode is behind W's.</summary>
    private static void ScaleRows<T>(LayerLayout layer, JointLayout joint, ParameterSet<T> parameters, double factor)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var mode = Enumerable.Range(0, joint.InputRanges.Count).First(k => joint.RecurrentRanges[k].First > 0);
        var label = MatrixNetwork.InputLabel(mode);
        var network = joint.Whole.Network;
        for (var core = 0; core < network.Cores.Count; core++)
        {
            var position = network.Cores[core].Modes.ToList().IndexOf(label);
            if (position < 0) continue;
            var shape = network.CoreShape(core);
            var stride = shape.Skip(position + 1).Aggregate(1, (product, size) => product * size);
            var values = parameters[layer.CoreName("joint", joint.Whole, core)].Values;
            for (var i = 0; i < values.Length; i++)
                if (i / stride % shape[position] >= joint.RecurrentRanges[mode].First) values[i] *= T.CreateChecked(factor);
        }
    }
}
