using System.Numerics;
using HTensor.Kernels;

namespace HTensor.Autodiff;

/// <summary>One of the factors of A = Q R.</summary>
public enum QrPart
{
    /// <summary>Q [rows, k], orthonormal columns.</summary>
    Orthonormal,

    /// <summary>R [k, columns], upper trapezoidal, its diagonal not negative.</summary>
    Triangular,
}

/// <summary>
/// y = Q [..., k] or R [k, columns] of A = Q R, k = min(rows, columns): the last index counts columns, all others together rows. The gradient of what uses
/// both is the sum of two operations' gradients: it is linear in them.
/// </summary>
public sealed class QrFactor<T>(string name, QrPart part) : IOperation<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private int _rows;
    private int _columns;
    private T[] _q = [];
    private T[] _r = [];
    private T[] _inverse = [];
    private T[] _square = [];
    private T[] _u = [];
    private T[] _values = [];
    private T[] _vt = [];
    private T[] _middle = [];
    private T[] _dq = [];

    public string Name => name;

    private int K => int.Min(_rows, _columns);

    public IReadOnlyList<int> ResultShape(IReadOnlyList<IReadOnlyList<int>> inputs)
    {
        ArgumentNullException.ThrowIfNull(inputs);
        OperationShape.RequireCount(Name, 1, inputs.Count);
        if (inputs[0].Count < 2) throw new ArgumentException($"{Name}: expected a matrix, found [{string.Join(", ", inputs[0])}]");
        _columns = inputs[0][^1];
        _rows = inputs[0].SkipLast(1).Aggregate(1, (product, size) => product * size);
        (_q, _r, _dq) = (new T[_rows * K], new T[K * _columns], new T[_rows * K]);
        (_square, _inverse, _u, _vt, _middle, _values) = (new T[K * K], new T[K * K], new T[K * K], new T[K * K], new T[K * K], new T[K]);
        return part == QrPart.Orthonormal ? [.. inputs[0].SkipLast(1), K] : [K, _columns];
    }

    public void Forward(OperationCall<T> call)
    {
        ArgumentNullException.ThrowIfNull(call);
        Qr.Factor<T>(_rows, _columns, new MatrixOperand<T>(call.Input(0), _columns, 1), _q, _r, call.Team);
        (part == QrPart.Orthonormal ? _q : _r).CopyTo(call.Output);
    }

    /// <summary>
    /// A = [A_1, A_2], R = [R_1, R_2], R_1 [k, k]; dA_2 = Q dR_2, and with dQ' = dQ + A_2 dR_2^T and M = R_1 dR_1^T - dQ'^T Q:
    /// dA_1 = (dQ' + Q copyltu(M)) R_1^-T, copyltu the symmetric matrix of the lower triangle. R_1^-1 = V diag(1 / s) U^T by its SVD, with 1 / s as
    /// s / (s^2 + e^2), e = 2^-30 s_0 (2^-12 in float): finite where columns depend on each other. Walter and Lehmann 2013; Roberts and Roberts 2020.
    /// </summary>
    public void Backward(OperationCall<T> call)
    {
        ArgumentNullException.ThrowIfNull(call);
        var gradient = call.InputGradient(0).Span;
        if (gradient.IsEmpty) return;
        var (k, rest) = (K, _columns - K);
        var dy = call.OutputGradient;
        if (part == QrPart.Orthonormal) dy.CopyTo(_dq);
        else _dq.AsSpan().Clear();
        gradient.Clear();
        if (part == QrPart.Triangular && rest > 0)
        {
            var right = new MatrixOperand<T>(dy[k..], _columns, 1);
            Gemm.Multiply(_rows, rest, k, new MatrixOperand<T>(_q, k, 1), right, gradient[k..], _columns, 1, Accumulation.Overwrite, ThreadTeam.Inline);
            Gemm.Multiply(_rows, k, rest, new MatrixOperand<T>(call.Input(0)[k..], _columns, 1), right.Transposed, _dq, k, 1, Accumulation.Add, ThreadTeam.Inline);
        }

        SmallMatrix.TransposedTimes<T>(k, k, _rows, _dq, _q, _middle);
        for (var i = 0; i < _middle.Length; i++) _middle[i] = -_middle[i];
        if (part == QrPart.Triangular)
            Gemm.Multiply(k, k, k, new MatrixOperand<T>(_r, _columns, 1), new MatrixOperand<T>(dy, 1, _columns), _middle, k, 1, Accumulation.Add, ThreadTeam.Inline);
        for (var i = 0; i < k; i++)
        {
            for (var j = i + 1; j < k; j++) _middle[i * k + j] = _middle[j * k + i];
        }

        SmallMatrix.Multiply<T>(_rows, k, k, _q, _middle, _dq, Accumulation.Add);
        Invert();
        Gemm.Multiply(_rows, k, k, new MatrixOperand<T>(_dq, k, 1), new MatrixOperand<T>(_inverse, 1, k), gradient, _columns, 1, Accumulation.Overwrite, ThreadTeam.Inline);
    }

    private void Invert()
    {
        var k = K;
        for (var i = 0; i < k; i++) _r.AsSpan(i * _columns, k).CopyTo(_square.AsSpan(i * k));
        Svd.Factor<T>(k, k, new MatrixOperand<T>(_square, k, 1), _u, _values, _vt, ThreadTeam.Inline);
        var e = SafeInverse.Part<T>() * _values[0];
        for (var i = 0; i < k; i++)
        {
            var inverse = SafeInverse.Of(_values[i], e);
            for (var j = 0; j < k; j++) _vt[i * k + j] *= inverse;
        }

        // R_1^-1 = (V diag) U^T.
        Gemm.Multiply(k, k, k, new MatrixOperand<T>(_vt, 1, k), new MatrixOperand<T>(_u, 1, k), _inverse, k, 1, Accumulation.Overwrite, ThreadTeam.Inline);
    }
}
