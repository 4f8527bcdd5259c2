using System.Globalization;
using HTensor.Core;

namespace HTensor.Rnn;

/// <summary>
/// Recurrent layers by PyTorch's names: <c>PREFIX.weight_ih_l0</c> [gates H, N], <c>weight_hh_l0</c> [gates H, H], <c>bias_ih_l0</c>, <c>bias_hh_l0</c>
/// [gates H], <c>_reverse</c> behind those of the way back; of cells <c>weight_ih</c> and so on, one layer.
/// </summary>
internal sealed class PyTorchNames(string path, Func<string, ImportedArray?> read)
{
    private const string Weight = "weight_ih";
    private const string Reverse = "_reverse";

    /// <summary>What stands before <c>weight_ih</c> in some names, the last dot left out, once each.</summary>
    public static IEnumerable<string> Prefixes(IEnumerable<string> names) => names.Select(Prefix).OfType<string>().Distinct();

    /// <summary>All layers of a prefix.</summary>
    public IEnumerable<IReadOnlyList<ImportedLayer>> Layers(string prefix)
    {
        var start = prefix.Length == 0 ? "" : prefix + ".";
        if (read($"{start}{Weight}") is not null)
        {
            yield return [Layer(start, "")];
            yield break;
        }

        for (var layer = 0; read(Name(start, layer)) is not null; layer++)
        {
            var suffix = string.Create(CultureInfo.InvariantCulture, $"_l{layer}");
            yield return read($"{start}{Weight}{suffix}{Reverse}") is null ? [Layer(start, suffix)] : [Layer(start, suffix), Layer(start, suffix + Reverse)];
        }
    }

    private static string Name(string start, int layer) => string.Create(CultureInfo.InvariantCulture, $"{start}{Weight}_l{layer}");

    private static string? Prefix(string name)
    {
        var at = name.LastIndexOf(Weight, StringComparison.Ordinal);
        if (at < 0 || (at > 0 && name[at - 1] != '.')) return null;
        return name[(at + Weight.Length)..] is "" or "_l0" ? name[..Math.Max(0, at - 1)] : null;
    }

    private ImportedLayer Layer(string start, string suffix)
    {
        var (input, recurrent) = (Required($"{start}weight_ih{suffix}"), Required($"{start}weight_hh{suffix}"));
        if (input.Shape is not [var rows, var inputs] || inputs < 1) throw input.Place.Unexpected("shape", "[gates H, N]", ImportedArray.ArrayText(input.Shape));
        if (recurrent.Shape is not [_, var hidden] || hidden < 1 || rows % hidden != 0 || GateOrder.CellOf(rows / hidden) is not { } cell)
            throw recurrent.Place.Unexpected("shape", $"[{rows}, H] of a cell with 4, 3 or 1 gates", ImportedArray.ArrayText(recurrent.Shape));
        recurrent.RequireShape(rows, hidden);
        if (read($"{start}weight_hr{suffix}") is { } projection) throw projection.Place.Wrong("a projection of the states is not supported");
        return new ImportedLayer($"{start}{Weight}{suffix}", cell, cell == CellKind.Gru ? GruReset.After : GruReset.Before, inputs, hidden)
        {
            Input = new ImportedMatrix(input, MatrixStorage.Columns),
            Recurrent = new ImportedMatrix(recurrent, MatrixStorage.Columns),
            InputBias = Bias($"{start}bias_ih{suffix}", rows),
            RecurrentBias = Bias($"{start}bias_hh{suffix}", rows),
            Order = GateOrder.PyTorch(cell),
        };
    }

    private ImportedArray? Bias(string name, int rows)
    {
        var bias = read(name);
        bias?.RequireShape(rows);
        return bias;
    }

    private ImportedArray Required(string name) => read(name) ?? throw new DataPlace(path).Wrong($"expected tensor '{name}', found none");
}
