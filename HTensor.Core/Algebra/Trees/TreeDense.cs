using System.Numerics;

namespace HTensor.Core;

/// <summary>All entries of a tree's tensor: frames [modes of the node, c] from the leaves to the root, then the modes in their order.</summary>
internal static class TreeDense
{
    /// <exception cref="ArgumentException">More entries, or numbers of a frame, than an array holds.</exception>
    public static T[] Of<T>(TreeTensor<T> x)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var tree = x.Tree;
        var frames = new T[tree.Count][];
        for (var node = 0; node < tree.Count; node++)
        {
            var (left, right) = (tree.Left[node], tree.Right[node]);
            frames[node] = Frame(x, node, left < 0 ? null : frames[left], right < 0 ? null : frames[right]);
            if (left >= 0) frames[left] = [];
            if (right >= 0) frames[right] = [];
        }

        return InOrder(frames[tree.Root], tree.ModesOfRoot(), x.ModeSizes);
    }

    /// <summary>F[(i, j), c] = sum_ab F_left[i, a] F_right[j, b] X[a, b, c].</summary>
    private static T[] Frame<T>(TreeTensor<T> x, int node, T[]? left, T[]? right)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        int a = x.A(node), b = x.B(node), c = x.C(node);
        var (core, columns) = (x.Cores[node], b);
        if (right is not null)
        {
            columns = right.Length / b;
            core = GC.AllocateUninitializedArray<T>(AlgebraGuard.CoreLength(a, columns, c));
            RowMajor.MultiplyEach<T>(a, columns, c, b, right, x.Cores[node], core);
        }

        if (left is null) return core;
        var rows = left.Length / a;
        var frame = GC.AllocateUninitializedArray<T>(AlgebraGuard.CoreLength(rows, columns, c));
        RowMajor.Multiply<T>(rows, columns * c, a, left, core, frame);
        return frame;
    }

    /// <summary>The entries with mode 0 slowest, from an array whose modes stand as <paramref name="modes"/> says.</summary>
    public static T[] InOrder<T>(T[] values, int[] modes, int[] sizes)
    {
        int[] place = new int[modes.Length], stored = [.. modes.Select(mode => sizes[mode])];
        for (var k = 0; k < modes.Length; k++) place[modes[k]] = k;
        return Permutation.Apply(values, stored, place);
    }
}
