using System.Numerics;
using HTensor.Autodiff;
using HTensor.Core;

namespace HTensor.Rnn;

/// <summary>Records one recurrent layer in one direction: the input matrix over all steps and the bias, then the cells.</summary>
internal sealed class LayerRecorder<T>(Tape<T> tape, LaneBatch<T> batch, LayerLayout layer, long keptBytes)
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private int Units => batch.Groups * batch.Steps;

    /// <summary>z [units, gates H, 16] over the frames, or over their differences.</summary>
    public Variable<T> InputOverFrames(StepInput input)
    {
        var z = tape.Record(new LaneLinear<T>(layer.Name("input"), layer.Input.Network, Contraction(), Units, PaddedInput<T>.For(layer.Input, batch)), CoreVariables.Input(tape, layer));
        return Biased(input == StepInput.Frame ? z : tape.Record(new StepDifference<T>(layer.Name("difference"), batch), z));
    }

    /// <summary>z [units, gates H, 16] over what another layer gives.</summary>
    public Variable<T> InputOver(Variable<T> x)
    {
        var rows = layer.Input.Network.Modes.Rows;
        if (rows > layer.Inputs) x = tape.Record(new PadRows<T>(layer.Name("padding"), rows), x);
        return Biased(tape.Record(new LaneLinear<T>(layer.Name("input"), layer.Input.Network, Contraction(), Units, batch.IsActive), [.. CoreVariables.Input(tape, layer), x]));
    }

    /// <summary>h [units, H, 16].</summary>
    public Variable<T> Recurrence(Variable<T> z, RecurrentDropout<T>? dropout, CarriedState<T>? carried)
    {
        var cells = new RecurrentLayer<T>(layer.Name(layer.Cell.ToString().ToLowerInvariant()), batch, layer.Hidden, layer.Cell, layer.Reset, dropout, carried);
        var recurrent = CoreVariables.Recurrent(tape, layer);
        return tape.Record(cells, layer.CandidateBiasName is { } bias ? [z, recurrent, tape.Parameter(bias)] : [z, recurrent]);
    }

    private Variable<T> Biased(Variable<T> z) => tape.Record(new AddBias<T>(layer.Name("input bias")), z, tape.Parameter(layer.BiasName));

    private ILaneContraction<T> Contraction() => LaneContraction.Create<T>(layer.Input.Network, Units, layer.Input.OutputOffsets, null, keptBytes);
}
