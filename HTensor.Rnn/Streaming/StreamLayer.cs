using HTensor.Autodiff;
using HTensor.Core;
using HTensor.Kernels;

namespace HTensor.Rnn;

/// <summary>One recurrent layer as streams read it: the cores of W, and U dense.</summary>
internal sealed class StreamLayer
{
    public StreamLayer(ParameterSet<float> parameters, LayerLayout layout)
    {
        Layout = layout;
        // The tape cuts joint cores and makes U of its own as in training.
        var tape = new Tape<float>(parameters, TapePurpose.Inference);
        var cores = CoreVariables.Input(tape, layout);
        var recurrent = CoreVariables.Recurrent(tape, layout);
        tape.Forward(ThreadTeam.Inline);
        Cores = [.. cores.Select(core => core.Value)];
        Recurrent = recurrent.Value;
        Bias = parameters[layout.BiasName].Memory;
        CandidateBias = layout.CandidateBiasName is { } name ? parameters[name].Memory : default;
        Input = new SampleContraction(layout.Input.Network, Cores, layout.Input.OutputOffsets);
    }

    public LayerLayout Layout { get; }

    public int Hidden => Layout.Hidden;

    /// <summary>Rows of H values that a step of the cell writes on its way: one more than z has where a GRU's reset acts on the product.</summary>
    public int GateRows => CandidateBias.IsEmpty ? Layout.Gates : Layout.Gates + 1;

    /// <summary>The cores of W.</summary>
    public Memory<float>[] Cores { get; }

    /// <summary>W for one sequence.</summary>
    public SampleContraction Input { get; }

    /// <summary>U [H, gates H].</summary>
    public ReadOnlyMemory<float> Recurrent { get; }

    /// <summary>[gates H]</summary>
    public ReadOnlyMemory<float> Bias { get; }

    /// <summary>[H]; empty where the cell has none.</summary>
    public ReadOnlyMemory<float> CandidateBias { get; }
}
