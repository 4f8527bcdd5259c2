using HTensor.Kernels;

namespace HTensor.Core;

/// <summary>What is left of a tensor while modes are projected and merged, one stage after the other.</summary>
internal sealed class StagedTensor(IDenseSource source, IEnumerable<int> sizes)
{
    private readonly List<int> _sizes = [.. sizes];

    public IReadOnlyList<int> Sizes => _sizes;

    public IDenseSource Source { get; private set; } = source;

    /// <summary>Mode <paramref name="position"/> as the rows of a matrix.</summary>
    public Unfolding Unfold(int position) => new(Source, Product(0, position), _sizes[position], Product(position + 1, _sizes.Count));

    /// <summary>Mode <paramref name="position"/> in the coordinates of a basis; the identity changes nothing.</summary>
    public void Project(int position, NodeBasis basis, ThreadTeam team, DenseBuffer buffer)
    {
        if (basis.Vectors is not { } vectors) return;
        var unfolding = Unfold(position);
        var projected = GC.AllocateUninitializedArray<double>(checked((int)(unfolding.Columns * basis.Rank)));
        unfolding.Visit(new ProjectionVisitor(vectors, unfolding.Rows, basis.Rank, unfolding.Inner, projected, team), buffer);
        _sizes[position] = basis.Rank;
        Source = new ArraySource(projected);
    }

    /// <summary>Modes <paramref name="position"/> and the next become one.</summary>
    public void Merge(int position)
    {
        _sizes[position] = checked(_sizes[position] * _sizes[position + 1]);
        _sizes.RemoveAt(position + 1);
    }

    /// <summary>All elements, as they are now.</summary>
    public double[] ToArray(DenseBuffer buffer)
    {
        if (Source is ArraySource array) return array.Values;
        var length = checked((int)Source.Length);
        return Source.Read(0, 1, length, length, buffer).Data.ToArray();
    }

    private long Product(int from, int to)
    {
        var product = 1L;
        for (var i = from; i < to; i++) product = checked(product * _sizes[i]);
        return product;
    }
}
