using System.Numerics;
using HTensor.Kernels;

namespace HTensor.Autodiff;

/// <summary>One of the factors of A = U diag(s) V^T.</summary>
public enum SvdPart
{
    /// <summary>U [rows, count].</summary>
    Left,

    /// <summary>s [count], descending.</summary>
    Values,

    /// <summary>V^T [count, columns].</summary>
    Right,
}

/// <summary>
/// y = the leading columns of U, values s or rows of V^T of A [rows, columns] = U diag(s) V^T, k = min(rows, columns). The gradient of what uses several is
/// the sum of their operations' gradients: it is linear in them.
/// </summary>
public sealed class SvdFactor<T>(string name, SvdPart part, int count) : IOperation<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private int _rows;
    private int _columns;
    private T[] _u = [];
    private T[] _s = [];
    private T[] _vt = [];
    private T[] _dv = [];
    private T[] _middle = [];
    private T[] _inner = [];
    private T[] _product = [];

    public string Name => name;

    private int K => int.Min(_rows, _columns);

    public IReadOnlyList<int> ResultShape(IReadOnlyList<IReadOnlyList<int>> inputs)
    {
        ArgumentNullException.ThrowIfNull(inputs);
        OperationShape.RequireCount(Name, 1, inputs.Count);
        if (inputs[0].Count != 2) throw new ArgumentException($"{Name}: expected a matrix, found [{string.Join(", ", inputs[0])}]");
        (_rows, _columns) = (inputs[0][0], inputs[0][1]);
        if (count < 1 || count > K) throw new ArgumentException($"{Name}: expected a count from 1 to {K}, found {count}");
        (_u, _s, _vt, _middle, _inner) = (new T[_rows * K], new T[K], new T[K * _columns], new T[K * K], new T[K * K]);
        (_dv, _product) = (new T[int.Max(_rows, _columns) * K], new T[K * int.Max(_rows, _columns)]);
        return part switch { SvdPart.Left => [_rows, count], SvdPart.Right => [count, _columns], _ => [count] };
    }

    /// <exception cref="ArithmeticException">The input is not finite, or the iteration did not converge.</exception>
    public void Forward(OperationCall<T> call)
    {
        ArgumentNullException.ThrowIfNull(call);
        var status = Svd.Factor<T>(_rows, _columns, new MatrixOperand<T>(call.Input(0), _columns, 1), _u, _s, _vt, call.Team);
        if (status != FactorizationStatus.Converged) throw new ArithmeticException($"{Name}: expected singular values, found that they are {status}");
        if (part == SvdPart.Right) _vt.AsSpan(0, count * _columns).CopyTo(call.Output);
        else if (part == SvdPart.Values) _s.AsSpan(0, count).CopyTo(call.Output);
        else
        {
            for (var i = 0; i < _rows; i++) _u.AsSpan(i * K, count).CopyTo(call.Output[(i * count)..]);
        }
    }

    /// <summary>
    /// Values: dA = U diag(ds) V^T. Left: with P = U^T dU - dU^T U and F_ij = 1 / (s_j^2 - s_i^2), i other than j,
    /// dA = (U (F o P) diag(s) + (I - U U^T) dU diag(1 / s)) V^T; right, the transpose of the same for A^T. 1 / s is s / (s^2 + e^2), e = 2^-30 s_0, and F_ij
    /// is D / (D^2 + E^2), D = s_j^2 - s_i^2, E = 2^-30 s_0^2 (2^-12 in float): finite, 0 in the end, where values vanish or coincide, where no derivative
    /// exists. What does not change as the vectors of equal values are turned has P = 0 there, and its gradient is right. Townsend 2016.
    /// </summary>
    public void Backward(OperationCall<T> call)
    {
        ArgumentNullException.ThrowIfNull(call);
        var gradient = call.InputGradient(0).Span;
        if (gradient.IsEmpty) return;
        var k = K;
        if (part == SvdPart.Values)
        {
            for (var i = 0; i < k; i++)
            {
                for (var j = 0; j < _columns; j++) _product[i * _columns + j] = i < count ? call.OutputGradient[i] * _vt[i * _columns + j] : T.Zero;
            }

            SmallMatrix.Multiply<T>(_rows, _columns, k, _u, _product, gradient);
            return;
        }

        var (vectors, length) = part == SvdPart.Left ? (_u, _rows) : (Transposed(), _columns);
        Widened(call.OutputGradient, length);
        Middle(vectors, length);
        if (part == SvdPart.Left) SmallMatrix.Multiply<T>(_rows, _columns, k, _dv, _vt, gradient);
        else SmallMatrix.TimesTransposed<T>(_rows, _columns, k, _u, _dv, gradient);
    }

    private T[] Transposed()
    {
        for (var i = 0; i < K; i++)
        {
            for (var j = 0; j < _columns; j++) _product[j * K + i] = _vt[i * _columns + j];
        }

        return _product;
    }

    /// <summary>dU [length, k], zero in the columns that are not asked for.</summary>
    private void Widened(ReadOnlySpan<T> dy, int length)
    {
        for (var i = 0; i < length; i++)
        {
            for (var j = 0; j < K; j++) _dv[i * K + j] = j >= count ? T.Zero : part == SvdPart.Left ? dy[i * count + j] : dy[j * length + i];
        }
    }

    /// <summary>dU := U ((F o P) diag(s) - U^T dU diag(1 / s)) + dU diag(1 / s).</summary>
    private void Middle(T[] vectors, int length)
    {
        var k = K;
        T e = SafeInverse.Part<T>() * _s[0], gap = SafeInverse.Part<T>() * _s[0] * _s[0];
        SmallMatrix.TransposedTimes<T>(k, k, length, vectors, _dv, _inner);
        for (var i = 0; i < k; i++)
        {
            for (var j = 0; j < k; j++)
            {
                var f = i == j ? T.Zero : SafeInverse.Of((_s[j] - _s[i]) * (_s[j] + _s[i]), gap);
                _middle[i * k + j] = f * (_inner[i * k + j] - _inner[j * k + i]) * _s[j] - _inner[i * k + j] * SafeInverse.Of(_s[j], e);
            }
        }

        for (var i = 0; i < length; i++)
        {
            for (var j = 0; j < k; j++) _dv[i * k + j] *= SafeInverse.Of(_s[j], e);
        }

        SmallMatrix.Multiply<T>(length, k, k, vectors, _middle, _dv, Accumulation.Add);
    }
}
