using System.Numerics;
using HTensor.Kernels;

namespace HTensor.Core;

/// <summary>
/// Operators as trees whose mode k counts pairs (i, j) of m_k n_k: cores are Kronecker products in the ranks and matrix products in the mode. Ranks
/// multiply; the product as a rule is truncated without being built.
/// </summary>
internal static class TreeOperator
{
    /// <summary>Y = A X: core[(a, a'), i, (c, c')] = sum_j A[a, (i, j), c] X[a', j, c'].</summary>
    public static KroneckerSource<T> Apply<T>(TreeTensor<T> a, IReadOnlyList<int> rows, TreeTensor<T> x)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> => new(a, x, [.. rows], node => Product(a, x, node, rows[a.Tree.Mode[node]], x.B(node), 1));

    /// <summary>C = A B: core[(a, a'), (i, k), (c, c')] = sum_j A[a, (i, j), c] B[a', (j, k), c'].</summary>
    public static KroneckerSource<T> Compose<T>(TreeTensor<T> a, IReadOnlyList<int> rows, IReadOnlyList<int> inner, TreeTensor<T> b, IReadOnlyList<int> columns)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
        new(a, b, [.. rows.Zip(columns, (m, n) => checked(m * n))], node => Product(a, b, node, rows[a.Tree.Mode[node]], inner[a.Tree.Mode[node]], columns[a.Tree.Mode[node]]));

    /// <summary>All cores of the rule.</summary>
    public static TreeTensor<T> Built<T>(KroneckerSource<T> source)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        int[] nodes = [.. Enumerable.Range(0, source.Tree.Count)];
        return new TreeTensor<T>(source.Tree, source.ModeSizes, [.. nodes.Select(source.Rank)], [.. nodes.Select(source.Core)]);
    }

    private static T[] Product<T>(TreeTensor<T> a, TreeTensor<T> b, int node, int m, int inner, int n)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        int c = a.C(node), c2 = b.C(node), rowsA = a.A(node), rowsB = b.A(node);
        var core = GC.AllocateUninitializedArray<T>(AlgebraGuard.CoreLength(rowsA, rowsB, m, n, c, c2));
        for (var i = 0; i < rowsA * rowsB; i++)
        {
            ReadOnlySpan<T> first = a.Cores[node].AsSpan(i / rowsB * m * inner * c), second = b.Cores[node].AsSpan(i % rowsB * inner * n * c2);
            for (var row = 0; row < m; row++)
            {
                // For each k: [c, j] times [j, c'].
                GemmBatch.Multiply(n, c, c2, inner, new MatrixOperand<T>(first[(row * inner * c)..], 1, c), 0, new MatrixOperand<T>(second, (nint)n * c2, 1), c2,
                    core.AsSpan((i * m + row) * n * c * c2, n * c * c2), (nint)c * c2, c2, 1, Accumulation.Overwrite, ThreadTeam.Inline);
            }
        }

        return core;
    }
}
