using HTensor.Autodiff;
using HTensor.Core;
using HTensor.Kernels;

namespace HTensor.Rnn;

/// <summary>A layer's weights with dense matrices, gates in another program's order.</summary>
/// <param name="Input">W.</param>
/// <param name="Recurrent">U.</param>
/// <param name="Bias">[gates H]</param>
/// <param name="RecurrentBias">[gates H], zeros but for the candidate of a GRU with the reset after the product.</param>
internal sealed record DenseLayer(float[] Input, float[] Recurrent, float[] Bias, float[] RecurrentBias)
{
    public static DenseLayer Of(SequenceClassifier model, LayerLayout layer, int[] order, MatrixStorage storage)
    {
        var tape = new Tape<float>(model.Parameters, TapePurpose.Inference);
        var cores = CoreVariables.Input(tape, layer);
        var network = layer.Input.Network;
        // A dense matrix is its one core, and no product.
        var input = layer.Named[0].Format is DenseFormat ? cores[0] : tape.Record(new MatrixOfCores<float>(layer.Name("input matrix"), network, layer.Inputs, layer.Input.OutputOffsets), cores);
        var recurrent = CoreVariables.Recurrent(tape, layer);
        tape.Forward(ThreadTeam.Inline);
        var (bias, more) = (new float[layer.Gates * layer.Hidden], new float[layer.Gates * layer.Hidden]);
        for (var gate = 0; gate < layer.Gates; gate++) model.Parameters[layer.BiasName].Values.Slice(gate * layer.Hidden, layer.Hidden).CopyTo(bias.AsSpan(order[gate] * layer.Hidden));
        if (layer.CandidateBiasName is { } candidate) model.Parameters[candidate].Values.CopyTo(more.AsSpan(order[^1] * layer.Hidden));
        return new DenseLayer(Ordered(input.Value.Span, order, layer.Hidden, storage), Ordered(recurrent.Value.Span, order, layer.Hidden, storage), bias, more);
    }

    /// <summary>Our [inputs, gates H] with the gates in another order, or turned.</summary>
    public static float[] Ordered(ReadOnlySpan<float> source, int[] order, int hidden, MatrixStorage storage)
    {
        var width = order.Length * hidden;
        var (inputs, destination) = (source.Length / width, new float[source.Length]);
        for (var input = 0; input < inputs; input++)
        {
            for (var gate = 0; gate < order.Length; gate++)
            {
                for (var unit = 0; unit < hidden; unit++)
                    destination[ImportedMatrix.Place(storage, order[gate], input, unit, inputs, hidden, width)] = source[input * width + gate * hidden + unit];
            }
        }

        return destination;
    }
}
