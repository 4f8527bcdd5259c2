using FsCheck.Xunit;
using HTensor.Core;

namespace HTensor.Tests.Core.Algebra;

/// <summary>Every verb of the algebra equals its definition over all entries, for random trees, shapes (sizes of 1 among them) and ranks.</summary>
public sealed class AlgebraOracleTests
{
    private const int Cases = 60;

    [Property(MaxTest = Cases)]
    public void Sums_and_element_wise_products(uint seed)
    {
        TensorProperties<HtForm<double>, HierarchicalTucker<double>, double>.Sums(seed);
        TensorProperties<HtForm<float>, HierarchicalTucker<float>, float>.Sums(seed);
        TensorProperties<TtForm<double>, TensorTrain<double>, double>.Sums(seed);
        TensorProperties<TtForm<float>, TensorTrain<float>, float>.Sums(seed);
    }

    [Property(MaxTest = Cases)]
    public void Concatenation(uint seed)
    {
        TensorProperties<HtForm<double>, HierarchicalTucker<double>, double>.Concatenations(seed);
        TensorProperties<HtForm<float>, HierarchicalTucker<float>, float>.Concatenations(seed);
        TensorProperties<TtForm<double>, TensorTrain<double>, double>.Concatenations(seed);
        TensorProperties<TtForm<float>, TensorTrain<float>, float>.Concatenations(seed);
    }

    [Property(MaxTest = Cases)]
    public void Inner_products_are_bilinear(uint seed)
    {
        TensorProperties<HtForm<double>, HierarchicalTucker<double>, double>.InnerProducts(seed);
        TensorProperties<HtForm<float>, HierarchicalTucker<float>, float>.InnerProducts(seed);
        TensorProperties<TtForm<double>, TensorTrain<double>, double>.InnerProducts(seed);
        TensorProperties<TtForm<float>, TensorTrain<float>, float>.InnerProducts(seed);
    }

    [Property(MaxTest = Cases)]
    public void Products_with_matrices_and_factors(uint seed)
    {
        TensorProperties<HtForm<double>, HierarchicalTucker<double>, double>.Products(seed);
        TensorProperties<HtForm<float>, HierarchicalTucker<float>, float>.Products(seed);
        TensorProperties<TtForm<double>, TensorTrain<double>, double>.Products(seed);
        TensorProperties<TtForm<float>, TensorTrain<float>, float>.Products(seed);
    }

    [Property(MaxTest = Cases)]
    public void Products_with_vectors_sums_and_means(uint seed)
    {
        TensorProperties<HtForm<double>, HierarchicalTucker<double>, double>.Contractions(seed);
        TensorProperties<HtForm<float>, HierarchicalTucker<float>, float>.Contractions(seed);
        TensorProperties<TtForm<double>, TensorTrain<double>, double>.Contractions(seed);
        TensorProperties<TtForm<float>, TensorTrain<float>, float>.Contractions(seed);
    }

    [Property(MaxTest = Cases)]
    public void Slices_indices_squeezing_and_entries(uint seed)
    {
        TensorProperties<HtForm<double>, HierarchicalTucker<double>, double>.Parts(seed);
        TensorProperties<HtForm<float>, HierarchicalTucker<float>, float>.Parts(seed);
        TensorProperties<TtForm<double>, TensorTrain<double>, double>.Parts(seed);
        TensorProperties<TtForm<float>, TensorTrain<float>, float>.Parts(seed);
    }

    [Property(MaxTest = Cases)]
    public void Permuting_and_back_changes_nothing(uint seed)
    {
        var random = new HTensor.Kernels.Philox(seed);
        var sizes = TensorProperties<HtForm<double>, HierarchicalTucker<double>, double>.Sizes(random);
        var x = HtForm<double>.Random(sizes, random);
        int[] order = [.. Enumerable.Range(0, sizes.Length).OrderBy(_ => random.NextInt32(1000))], back = new int[order.Length];
        for (var k = 0; k < order.Length; k++) back[order[k]] = k;
        var permuted = HierarchicalTucker.Permute(x, order);
        var expected = HtForm<double>.Expected(x, value => value);
        Assert.Equal(DenseTensor.From([.. order.Select(mode => sizes[mode])], i => expected[[.. back.Select(k => i[k])]]).Values, HtForm<double>.Expected(permuted, value => value).Values);
        var again = HierarchicalTucker.Permute(permuted, back);
        Assert.Equal(x.Tree.ToString(), again.Tree.ToString());
        Assert.Equal(HierarchicalTucker.ToArray(x), HierarchicalTucker.ToArray(again));
    }
}
