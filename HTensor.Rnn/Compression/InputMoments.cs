using HTensor.Kernels;

namespace HTensor.Rnn;

/// <summary>Second moments C = mean of x x^T of vectors, in double, with a small part of their mean on the diagonal, so that few vectors say nothing of what they do not reach.</summary>
internal sealed class InputMoments(int size)
{
    private const double Ridge = 1e-3;
    private const int BlockRows = 256;

    private readonly double[] _sums = new double[size * size];
    private readonly double[] _block = new double[BlockRows * size];
    private int _rows;
    private long _count;

    public void Add(ReadOnlySpan<float> x)
    {
        for (var i = 0; i < size; i++) _block[_rows * size + i] = x[i];
        _count++;
        if (++_rows == BlockRows) Flush();
    }

    /// <summary>[size, size]</summary>
    /// <exception cref="ArgumentException">No vector is other than zero, or one is not finite.</exception>
    public double[] Result()
    {
        Flush();
        var trace = 0.0;
        for (var i = 0; i < size; i++) trace += _sums[i * size + i] / _count;
        if (!(trace > 0) || !double.IsFinite(trace)) throw new ArgumentException("calibration: expected finite inputs that are not all zero");
        double[] mean = [.. _sums.Select(sum => sum / _count)];
        for (var i = 0; i < size; i++) mean[i * size + i] += Ridge * trace / size;
        return mean;
    }

    /// <summary>[C, 0; 0, D]: of vectors that are x behind h, each by itself.</summary>
    public static double[] Beside(double[] first, int n, double[] second, int m)
    {
        var both = new double[(n + m) * (n + m)];
        for (var i = 0; i < n; i++) first.AsSpan(i * n, n).CopyTo(both.AsSpan(i * (n + m)));
        for (var i = 0; i < m; i++) second.AsSpan(i * m, m).CopyTo(both.AsSpan((n + i) * (n + m) + n));
        return both;
    }

    private void Flush()
    {
        if (_rows == 0) return;
        var x = new MatrixOperand<double>(_block.AsSpan(0, _rows * size), size, 1);
        Gemm.Multiply(size, size, _rows, x.Transposed, x, _sums, size, 1, Accumulation.Add, ThreadTeam.Inline);
        _rows = 0;
    }
}
