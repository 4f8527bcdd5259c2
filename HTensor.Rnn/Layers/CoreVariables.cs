using System.Numerics;
using HTensor.Autodiff;
using HTensor.Core;

namespace HTensor.Rnn;

/// <summary>A layer's matrices on a tape: the parameters that hold W and U, cut where both share cores, and U made dense.</summary>
internal static class CoreVariables
{
    /// <summary>The cores of W.</summary>
    public static Variable<T>[] Input<T>(Tape<T> tape, LayerLayout layer)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
        layer.Joint is { } joint ? Cut(tape, layer, joint, joint.InputRanges) : Whole(tape, layer, "input", layer.Input);

    /// <summary>U [H, gates H].</summary>
    public static Variable<T> Recurrent<T>(Tape<T> tape, LayerLayout layer)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        if (layer.Joint is { } joint) return Dense(tape, layer, joint.Recurrent, Cut(tape, layer, joint, joint.RecurrentRanges));
        return layer.Recurrent is { } recurrent ? Dense(tape, layer, recurrent, Whole(tape, layer, "recurrent", recurrent))
            : tape.Parameter(layer.Name(ClassifierLayout.RecurrentName));
    }

    private static Variable<T> Dense<T>(Tape<T> tape, LayerLayout layer, GateLayout layout, Variable<T>[] cores)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
        tape.Record(new MatrixOfCores<T>(layer.Name("recurrent matrix"), layout.Network, layer.Hidden, layout.OutputOffsets), cores);

    private static Variable<T>[] Whole<T>(Tape<T> tape, LayerLayout layer, string matrix, GateLayout layout)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
        [.. Enumerable.Range(0, layout.Network.Cores.Count).Select(core => tape.Parameter(layer.CoreName(matrix, layout, core)))];

    private static Variable<T>[] Cut<T>(Tape<T> tape, LayerLayout layer, JointLayout joint, IReadOnlyList<(int First, int Count)> ranges)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var (network, cores) = (joint.Whole.Network, Whole(tape, layer, "joint", joint.Whole));
        var cut = Enumerable.Range(0, ranges.Count).ToDictionary(MatrixNetwork.InputLabel, mode => ranges[mode]);
        for (var core = 0; core < cores.Length; core++)
        {
            (int First, int Count)[] all = [.. network.CoreShape(core).Select(size => (0, size))];
            (int First, int Count)[] wanted = [.. network.Cores[core].Modes.Zip(all, (label, range) => cut.GetValueOrDefault(label, range))];
            if (!wanted.SequenceEqual(all)) cores[core] = tape.Record(new ModeSlice<T>(layer.Name($"cut of {network.Cores[core].Name}"), wanted), cores[core]);
        }

        return cores;
    }
}
