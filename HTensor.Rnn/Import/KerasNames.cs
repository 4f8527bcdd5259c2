using HTensor.Core;

namespace HTensor.Rnn;

/// <summary>
/// Recurrent layers by Keras' names: <c>NAME.kernel</c> [N, gates H], <c>NAME.recurrent_kernel</c> [H, gates H], <c>NAME.bias</c>: [gates H]; two of
/// them, [2, gates H] or [2 gates H], where the product with U has one of its own. Names may have slashes and end in <c>:0</c>. The two layers of
/// Bidirectional have the same name but for <c>forward_</c> and <c>backward_</c>.
/// </summary>
internal sealed class KerasNames(ImportOptions options, Func<string, ImportedArray?> read)
{
    private const string Recurrent = "recurrent_kernel";
    private const string Forward = "forward_";
    private const string Backward = "backward_";

    /// <summary>Layers among some names: each that has a recurrent kernel, but those of the way back.</summary>
    public static IEnumerable<string> Layers(IReadOnlyCollection<string> names)
    {
        string[] all = [.. names.Select(Layer).OfType<string>().Distinct()];
        return all.Where(name => !name.Contains(Backward, StringComparison.Ordinal) || !all.Contains(Turned(name, Backward, Forward)));
    }

    public IReadOnlyList<ImportedLayer> Both(string name)
    {
        var back = Turned(name, Forward, Backward);
        return back != name && Array(back, Recurrent) is not null ? [One(name), One(back)] : [One(name)];
    }

    private static string? Layer(string name)
    {
        var plain = name.EndsWith(":0", StringComparison.Ordinal) ? name[..^2] : name;
        if (!plain.EndsWith(Recurrent, StringComparison.Ordinal)) return null;
        var start = plain[..^Recurrent.Length];
        return start.Length == 0 ? "" : start[^1] is '.' or '/' ? start[..^1] : null;
    }

    private static string Turned(string name, string from, string to) => name.Replace(from, to, StringComparison.Ordinal);

    private ImportedArray? Array(string layer, string name)
    {
        foreach (var separator in layer.Length == 0 ? (string[])[""] : [".", "/"])
        {
            foreach (var end in (string[])["", ":0"])
                if (read($"{layer}{separator}{name}{end}") is { } array) return array;
        }

        return null;
    }

    private ImportedLayer One(string name)
    {
        var recurrent = Array(name, Recurrent)!;
        var kernel = Array(name, "kernel") ?? throw recurrent.Place.Wrong("expected 'kernel' beside it, found none");
        if (recurrent.Shape is not [var hidden, var columns] || hidden < 1 || columns % hidden != 0 || GateOrder.CellOf(columns / hidden) is not { } cell)
            throw recurrent.Place.Unexpected("shape", "[H, gates H] of a cell with 4, 3 or 1 gates", ImportedArray.ArrayText(recurrent.Shape));
        if (kernel.Shape is not [var inputs, _] || inputs < 1) throw kernel.Place.Unexpected("shape", $"[N, {columns}]", ImportedArray.ArrayText(kernel.Shape));
        kernel.RequireShape(inputs, columns);
        var bias = Array(name, "bias");
        var two = bias is not null && bias.Count == 2 * columns;
        if (bias is not null && !two) bias.RequireShape(columns);
        if (two && bias!.Shape is not [_] and not [2, _]) throw bias.Place.Unexpected("shape", $"[{columns}], [2, {columns}] or [{2 * columns}]", ImportedArray.ArrayText(bias.Shape));
        var storage = options.Kernels == KernelStorage.CuDnn ? MatrixStorage.TurnedBlocks : MatrixStorage.Rows;
        var reset = cell != CellKind.Gru ? GruReset.Before : bias is null ? options.Reset : two ? GruReset.After : GruReset.Before;
        return new ImportedLayer(name, cell, reset, inputs, hidden)
        {
            Input = new ImportedMatrix(kernel, storage),
            Recurrent = new ImportedMatrix(recurrent, storage),
            InputBias = bias,
            RecurrentBias = two ? bias : null,
            BiasAt = (0, columns),
            Order = GateOrder.Keras(cell),
        };
    }
}
