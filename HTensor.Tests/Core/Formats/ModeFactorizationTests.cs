using FsCheck;
using FsCheck.Xunit;
using HTensor.Core;

namespace HTensor.Tests.Core.Formats;

public sealed class ModeFactorizationTests
{
    [Theory]
    [InlineData(57_600, 5, "8,8,9,10,10")]
    [InlineData(5_184, 4, "8,8,9,9")]
    [InlineData(256, 4, "4,4,4,4")]
    [InlineData(64, 3, "4,4,4")]
    [InlineData(7, 3, "1,1,7")]
    [InlineData(1, 2, "1,1")]
    [InlineData(12, 1, "12")]
    [InlineData(2 * 1_009, 2, "2,1009")]
    [InlineData(int.MaxValue, 4, "1,1,1,2147483647")]
    [InlineData(2_095_133_040, 5, "65,68,76,77,81")]
    [InlineData(2_095_133_040, 8, "11,12,13,14,15,17,18,19")]
    [InlineData(1_396_755_360, 4, "187,189,190,208")]
    public void Factors_are_the_nearest_to_each_other(int number, int order, string expected) =>
        Assert.Equal(expected, string.Join(',', ModeFactorization.Factor(number, order)));

    [Property]
    public bool Factors_multiply_to_the_number_ascend_and_are_at_least_1(PositiveInt number, PositiveInt order)
    {
        var factors = ModeFactorization.Factor(number.Get, order.Get);
        return factors.Count == order.Get && factors.Aggregate(1L, (product, factor) => product * factor) == number.Get
            && factors.All(factor => factor >= 1) && factors.Zip(factors.Skip(1)).All(pair => pair.First <= pair.Second);
    }

    [Fact]
    public void Factors_agree_with_the_search_of_all()
    {
        for (var number = 1; number <= 1_200; number++)
            for (var order = 1; order <= 5; order++)
                Assert.Equal(LeastSum(number, order), ModeFactorization.Factor(number, order));
    }

    [Theory]
    [InlineData(57_600, 256, 5)]
    [InlineData(5_184, 256, 4)]
    [InlineData(64, 64, 3)]
    [InlineData(64, 128, 3)]
    [InlineData(12, 64, 2)]
    [InlineData(13, 256, 2)]
    [InlineData(1, 1, 1)]
    [InlineData(int.MaxValue, int.MaxValue, 2)]
    public void Orders_follow_the_size(int inputs, int hidden, int expected) => Assert.Equal(expected, ModeFactorization.Order(inputs, hidden));

    [Theory]
    [InlineData(0, 1)]
    [InlineData(-4, 2)]
    [InlineData(4, 0)]
    public void Numbers_and_orders_below_1_are_refused(int number, int order)
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => ModeFactorization.Factor(number, order));
        Assert.Throws<ArgumentOutOfRangeException>(() => ModeFactorization.Order(number, order));
    }

    /// <summary>All ascending factorizations, the least sum, then the largest smallest factors.</summary>
    private static int[] LeastSum(int number, int order) =>
        All(number, order, 1).OrderBy(factors => factors.Sum()).ThenByDescending(factors => factors, Comparer<int[]>.Create((left, right) => left.AsSpan().SequenceCompareTo(right))).First();

    private static IEnumerable<int[]> All(int number, int order, int smallest)
    {
        if (order == 1) return number >= smallest ? [[number]] : [];
        return Enumerable.Range(smallest, Math.Max(0, (int)Math.Sqrt(number) - smallest + 1)).Where(factor => number % factor == 0)
            .SelectMany(factor => All(number / factor, order - 1, factor).Select(rest => (int[])[factor, .. rest]));
    }
}
