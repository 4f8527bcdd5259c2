using System.Numerics;
using HTensor.Kernels;

namespace HTensor.Core;

/// <summary>
/// The matricized tensor times the Khatri-Rao product of all factors but one: M[i, s] = sum X[..., i, ...] prod_(k != mode) F_k[i_k, s]. Vectors rise to
/// the path from the mode's core to the root, and come down it: P_child[s, a] = sum_bc X[a, b, c] V_sibling[s, b] P[s, c].
/// </summary>
internal static class TreeMttkrp
{
    public static T[] Of<T>(TreeTensor<T> x, IReadOnlyList<T[]> factors, int columns, int mode)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var tree = x.Tree;
        var onPath = new bool[tree.Count];
        for (var node = tree.NodeOfMode[mode]; node >= 0; node = tree.Parent[node]) onPath[node] = true;
        var vectors = new T[tree.Count][];
        using var scratch = new Scratch<T>();
        for (var node = 0; node < tree.Count; node++)
        {
            if (onPath[node]) continue;
            vectors[node] = new T[AlgebraGuard.CoreLength(columns, x.C(node))];
            TreeVectors.Combine(x, node, columns, vectors, Beside(x, node, factors, columns, vectors), vectors[node], scratch);
        }

        var down = new T[columns];
        Array.Fill(down, T.One);
        var at = tree.Root;
        while (at != tree.NodeOfMode[mode])
        {
            var toLeft = tree.Left[at] >= 0 && onPath[tree.Left[at]];
            var child = toLeft ? tree.Left[at] : tree.Right[at];
            down = Descend(x, at, columns, down, toLeft ? Beside(x, at, factors, columns, vectors) : vectors[tree.Left[at]], toLeft);
            at = child;
        }

        return AtMode(x, at, columns, down, vectors);
    }

    /// <summary>W [columns, b] that belongs to a core's middle index: the right child's vectors, or the mode's factor turned.</summary>
    private static T[] Beside<T>(TreeTensor<T> x, int node, IReadOnlyList<T[]> factors, int columns, T[][] vectors)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var mode = x.Tree.Mode[node];
        if (mode < 0) return vectors[x.Tree.Right[node]];
        var turned = new T[factors[mode].Length];
        for (var i = 0; i < x.ModeSizes[mode]; i++)
        {
            for (var s = 0; s < columns; s++) turned[s * x.ModeSizes[mode] + i] = factors[mode][i * columns + s];
        }

        return turned;
    }

    private static T[] Descend<T>(TreeTensor<T> x, int node, int columns, T[] down, T[] sibling, bool toLeft)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        int a = x.A(node), b = x.B(node), c = x.C(node);
        // Y[s, a, b] = sum_c P[s, c] X[a, b, c], then the sibling's vector takes b, or a.
        var partial = new T[AlgebraGuard.CoreLength(columns, a, b)];
        RowMajor.TimesTransposed<T>(columns, a * b, c, down, x.Cores[node], partial);
        var next = new T[columns * (toLeft ? a : b)];
        if (toLeft)
            GemmBatch.Multiply(columns, a, 1, b, new MatrixOperand<T>(partial, b, 1), (nint)a * b, new MatrixOperand<T>(sibling, 1, 1), b, next, a, 1, 1, Accumulation.Overwrite, ThreadTeam.Inline);
        else
            GemmBatch.Multiply(columns, 1, b, a, new MatrixOperand<T>(sibling, a, 1), a, new MatrixOperand<T>(partial, b, 1), (nint)a * b, next, b, b, 1, Accumulation.Overwrite, ThreadTeam.Inline);
        return next;
    }

    /// <summary>M[i, s] = sum_ac V_left[s, a] X[a, i, c] P[s, c].</summary>
    private static T[] AtMode<T>(TreeTensor<T> x, int node, int columns, T[] down, T[][] vectors)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        int n = x.B(node), left = x.Tree.Left[node];
        var rows = left < 0 ? Descend(x, node, columns, down, [.. Enumerable.Repeat(T.One, columns)], toLeft: false) : Descend(x, node, columns, down, vectors[left], toLeft: false);
        var result = new T[rows.Length];
        for (var s = 0; s < columns; s++)
        {
            for (var i = 0; i < n; i++) result[i * columns + s] = rows[s * n + i];
        }

        return result;
    }
}
