using System.Numerics;
using HTensor.Kernels;

namespace HTensor.Core;

/// <summary>
/// One pairwise product, C[b, m, n] = sum_k A[b, m, k] B[b, k, n], where b are modes that all three have, m those of A and C, n those of
/// B and C, k those summed. Operands are gathered through offset tables while they are packed; nothing is permuted in memory.
/// The adjoint is two products of the same kind: dA = dC B^T, dB = A^T dC.
/// </summary>
internal sealed class PairProduct
{
    private readonly Tables _left;
    private readonly Tables _right;
    private readonly Tables _result;
    private readonly int _batches, _rows, _columns, _depth;

    public PairProduct(ModeLayout left, ModeLayout right, ModeLayout result, Func<int, int> size)
    {
        var all = left.Modes.Union(right.Modes).ToArray();
        var batch = all.Where(mode => left.Has(mode) && right.Has(mode) && result.Has(mode)).ToArray();
        var rows = all.Where(mode => left.Has(mode) && !right.Has(mode) && result.Has(mode)).ToArray();
        var columns = all.Where(mode => !left.Has(mode) && right.Has(mode) && result.Has(mode)).ToArray();
        var depth = all.Where(mode => !result.Has(mode)).ToArray();
        _left = new Tables(left.Offsets(batch, size), left.Offsets(rows, size), left.Offsets(depth, size));
        _right = new Tables(right.Offsets(batch, size), right.Offsets(depth, size), right.Offsets(columns, size));
        _result = new Tables(result.Offsets(batch, size), result.Offsets(rows, size), result.Offsets(columns, size));
        (_batches, _rows, _columns, _depth) = (_left.Batch.Length, _left.First.Length, _right.Second.Length, _left.Second.Length);
    }

    /// <summary>C = A B.</summary>
    public void Multiply<T>(ReadOnlySpan<T> left, ReadOnlySpan<T> right, Span<T> result, ThreadTeam team)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        if (_rows == 1 && _columns == 1 && _depth == 1)
        {
            Elements(left, right, result);
            return;
        }

        for (var b = 0; b < _batches; b++)
            Gemm.Multiply(_rows, _columns, _depth, _left.At(left, b), _right.At(right, b), result[_result.Batch[b]..], _result.First, _result.Second, Accumulation.Overwrite, team);
    }

    /// <summary>dA = dC B^T.</summary>
    public void LeftGradient<T>(ReadOnlySpan<T> right, ReadOnlySpan<T> resultGradient, Span<T> leftGradient, ThreadTeam team)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        for (var b = 0; b < _batches; b++)
            Gemm.Multiply(_rows, _depth, _columns, _result.At(resultGradient, b), _right.At(right, b).Transposed, leftGradient[_left.Batch[b]..], _left.First, _left.Second, Accumulation.Overwrite, team);
    }

    /// <summary>dB = A^T dC.</summary>
    public void RightGradient<T>(ReadOnlySpan<T> left, ReadOnlySpan<T> resultGradient, Span<T> rightGradient, ThreadTeam team)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        for (var b = 0; b < _batches; b++)
            Gemm.Multiply(_depth, _columns, _rows, _left.At(left, b).Transposed, _result.At(resultGradient, b), rightGradient[_right.Batch[b]..], _right.First, _right.Second, Accumulation.Overwrite, team);
    }

    /// <summary>C[b] = A[b] B[b]: a product of one number each is not worth a call.</summary>
    private void Elements<T>(ReadOnlySpan<T> left, ReadOnlySpan<T> right, Span<T> result)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        int[] a = _left.Batch, b = _right.Batch, c = _result.Batch;
        for (var i = 0; i < c.Length; i++) result[c[i]] = left[a[i]] * right[b[i]];
    }

    private sealed record Tables(int[] Batch, int[] First, int[] Second)
    {
        public MatrixOperand<T> At<T>(ReadOnlySpan<T> data, int batch) => new(data[Batch[batch]..], First, Second);
    }
}
