namespace HTensor.Core;

/// <summary>Small dense arrays in another order of their modes.</summary>
internal static class Permutation
{
    /// <summary>The array with mode k of the result mode <paramref name="order"/>[k] of the source.</summary>
    public static T[] Apply<T>(T[] source, int[] sizes, int[] order)
    {
        var identity = true;
        for (var k = 0; k < order.Length; k++) identity &= order[k] == k;
        if (identity) return source;
        var strides = new int[sizes.Length];
        for (int k = sizes.Length - 1, stride = 1; k >= 0; k--)
        {
            strides[k] = stride;
            stride *= sizes[k];
        }

        var result = new T[source.Length];
        var index = new int[order.Length];
        for (int to = 0, from = 0; to < result.Length; to++)
        {
            result[to] = source[from];
            for (var k = order.Length - 1; k >= 0; k--)
            {
                from += strides[order[k]];
                if (++index[k] < sizes[order[k]]) break;
                from -= strides[order[k]] * sizes[order[k]];
                index[k] = 0;
            }
        }

        return result;
    }

    /// <summary>The first columns of a row-major matrix.</summary>
    public static T[] FirstColumns<T>(T[] matrix, int rows, int columns, int count)
    {
        if (count == columns) return matrix;
        var result = new T[rows * count];
        for (var row = 0; row < rows; row++) matrix.AsSpan(row * columns, count).CopyTo(result.AsSpan(row * count));
        return result;
    }
}
