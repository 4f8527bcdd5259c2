using System.Numerics;

namespace HTensor.Core;

/// <summary>
/// A linear map of tensors [n_0, ..., n_(d-1)] to tensors [m_0, ..., m_(d-1)] in hierarchical Tucker form: mode k of <see cref="Tensor"/> counts pairs
/// (i_k, j_k), row-major, of m_k n_k: Y[i_0, ...] = sum A[(i_0, j_0), ...] X[j_0, ...].
/// </summary>
public sealed class HierarchicalTuckerOperator<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <param name="rows">m_k of each mode.</param>
    /// <param name="columns">n_k of each mode.</param>
    /// <param name="tensor">Of mode sizes m_k n_k.</param>
    /// <exception cref="ArgumentException">The sizes do not fit.</exception>
    public HierarchicalTuckerOperator(IReadOnlyList<int> rows, IReadOnlyList<int> columns, HierarchicalTucker<T> tensor)
    {
        ArgumentNullException.ThrowIfNull(tensor);
        OperatorGuard.Sizes(rows, columns, tensor.ModeSizes);
        (Rows, Columns, Tensor) = ([.. rows], [.. columns], tensor);
    }

    /// <summary>m_k of each mode.</summary>
    public IReadOnlyList<int> Rows { get; }

    /// <summary>n_k of each mode.</summary>
    public IReadOnlyList<int> Columns { get; }

    /// <summary>The map's entries, [m_0 n_0, ..., m_(d-1) n_(d-1)].</summary>
    public HierarchicalTucker<T> Tensor { get; }
}
