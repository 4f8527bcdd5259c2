using System.Numerics;

namespace HTensor.Autodiff;

/// <summary>Whether a core's middle index counts a mode, which two tensors share, or a rank, which becomes a pair.</summary>
public enum MiddleIndex
{
    Mode,
    Rank,
}

/// <summary>
/// y = the core of an element-wise product of two tensors: y[(a, a'), i, (c, c')] = x[a, i, c] z[a', i, c'] at a mode, y[(a, a'), (b, b'), (c, c')] =
/// x[a, b, c] z[a', b', c'] at a pair.
/// </summary>
public sealed class CoreProduct<T>(string name, MiddleIndex middle) : IOperation<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private int[] _x = [];
    private int[] _z = [];

    public string Name => name;

    public IReadOnlyList<int> ResultShape(IReadOnlyList<IReadOnlyList<int>> inputs)
    {
        ArgumentNullException.ThrowIfNull(inputs);
        OperationShape.RequireCount(Name, 2, inputs.Count);
        (_x, _z) = (CoreShape.Of(Name, inputs[0]), CoreShape.Of(Name, inputs[1]));
        if (middle == MiddleIndex.Mode && _x[1] != _z[1]) throw new ArgumentException($"{Name}: expected one mode size, found {_x[1]} and {_z[1]}");
        int[] sizes = [_x[0] * _z[0], middle == MiddleIndex.Mode ? _x[1] : _x[1] * _z[1], _x[2] * _z[2]];
        return inputs[0].Count == 2 ? sizes[1..] : sizes;
    }

    public void Forward(OperationCall<T> call)
    {
        ArgumentNullException.ThrowIfNull(call);
        var (x, z, y, at) = (call.Inputs[0].Value, call.Inputs[1].Value, call.Result.Value, 0);
        foreach (var (rowX, rowZ) in Rows())
        {
            for (var c = 0; c < _x[2]; c++)
            {
                for (var c2 = 0; c2 < _z[2]; c2++) y.Span[at++] = x.Span[rowX + c] * z.Span[rowZ + c2];
            }
        }
    }

    /// <summary>dx = sum of dy z over z's own indices, dz = sum of dy x over x's.</summary>
    public void Backward(OperationCall<T> call)
    {
        ArgumentNullException.ThrowIfNull(call);
        var (x, z, dx, dz, at) = (call.Inputs[0].Value, call.Inputs[1].Value, call.InputGradient(0), call.InputGradient(1), 0);
        dx.Span.Clear();
        dz.Span.Clear();
        foreach (var (rowX, rowZ) in Rows())
        {
            for (var c = 0; c < _x[2]; c++)
            {
                for (var c2 = 0; c2 < _z[2]; c2++, at++)
                {
                    var dy = call.OutputGradient[at];
                    if (!dx.IsEmpty) dx.Span[rowX + c] = T.FusedMultiplyAdd(dy, z.Span[rowZ + c2], dx.Span[rowX + c]);
                    if (!dz.IsEmpty) dz.Span[rowZ + c2] = T.FusedMultiplyAdd(dy, x.Span[rowX + c], dz.Span[rowZ + c2]);
                }
            }
        }
    }

    private IEnumerable<(int X, int Z)> Rows()
    {
        for (var a = 0; a < _x[0]; a++)
        {
            for (var a2 = 0; a2 < _z[0]; a2++)
            {
                for (var b = 0; b < _x[1]; b++)
                {
                    var (first, end) = middle == MiddleIndex.Mode ? (b, b + 1) : (0, _z[1]);
                    for (var b2 = first; b2 < end; b2++) yield return ((a * _x[1] + b) * _x[2], (a2 * _z[1] + b2) * _z[2]);
                }
            }
        }
    }
}
