using System.Numerics;
using HTensor.Kernels;

namespace HTensor.Core;

/// <summary>
/// A tensor times one vector in each mode, for many sets of vectors at once: V_t[s, c] = sum_ab V_left[s, a] V_right[s, b] X_t[a, b, c]. Entries are
/// products with unit vectors; MTTKRP leaves one mode out.
/// </summary>
internal static class TreeVectors
{
    /// <summary>Sets that go through the tree together: their partial products stay in cache.</summary>
    public const int Block = 64;

    /// <summary>X[i_s] for each row of <paramref name="indices"/> [count, d].</summary>
    public static void Entries<T>(TreeTensor<T> x, ReadOnlySpan<int> indices, Span<T> entries)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var vectors = new T[x.Tree.Count][];
        using var scratch = new Scratch<T>();
        for (var first = 0; first < entries.Length; first += Block)
        {
            var count = int.Min(Block, entries.Length - first);
            var rows = indices.Slice(first * x.Order, count * x.Order);
            for (var node = 0; node < x.Tree.Count; node++)
            {
                var to = vectors[node] ??= new T[Block * x.C(node)];
                if (x.Tree.Mode[node] >= 0) Rows(x, node, rows, count, vectors, to);
                else Combine(x, node, count, vectors, x.Tree.Right[node] is var right && right >= 0 ? vectors[right] : [], to, scratch);
            }

            vectors[x.Tree.Root].AsSpan(0, count).CopyTo(entries[first..]);
        }
    }

    /// <summary>to[s, :] = V_left[s, :] X[:, i_s, :].</summary>
    private static void Rows<T>(TreeTensor<T> x, int node, ReadOnlySpan<int> indices, int count, T[][] vectors, T[] to)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        int a = x.A(node), n = x.B(node), c = x.C(node), left = x.Tree.Left[node];
        for (var s = 0; s < count; s++)
        {
            var index = indices[s * x.Order + x.Tree.Mode[node]];
            if (left < 0)
            {
                x.Cores[node].AsSpan(index * c, c).CopyTo(to.AsSpan(s * c));
                continue;
            }

            Gemm.Multiply(1, c, a, new MatrixOperand<T>(vectors[left].AsSpan(s * a, a), a, 1),
                new MatrixOperand<T>(x.Cores[node].AsSpan(index * c), (nint)n * c, 1), to.AsSpan(s * c, c), c, 1, Accumulation.Overwrite, ThreadTeam.Inline);
        }
    }

    /// <summary>to[s, c] = sum_ab V_left[s, a] W[s, b] X[a, b, c], where W are the right child's vectors, or those of the core's mode.</summary>
    public static void Combine<T>(TreeTensor<T> x, int node, int count, T[][] vectors, ReadOnlySpan<T> right, Span<T> to, Scratch<T> scratch)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        int a = x.A(node), b = x.B(node), c = x.C(node), left = x.Tree.Left[node];
        if (left < 0)
        {
            RowMajor.Multiply(count, c, b, right, x.Cores[node], to);
            return;
        }

        var partial = scratch.First(count * b * c);
        RowMajor.Multiply<T>(count, b * c, a, vectors[left], x.Cores[node], partial);
        GemmBatch.Multiply(count, 1, c, b, new MatrixOperand<T>(right, b, 1), b, new MatrixOperand<T>(partial, c, 1), (nint)b * c, to, c, c, 1, Accumulation.Overwrite, ThreadTeam.Inline);
    }
}
