using HTensor.Kernels;
using Xunit;

namespace HTensor.Tests.Kernels;

public sealed class PhiloxTests
{
    /// <summary>Known answers of philox4x32 10 from Random123's kat_vectors (Salmon and others).</summary>
    [Theory]
    [InlineData(0u, 0u, 0u, 0u, 0u, 0u, 0x6627e8d5u, 0xe169c58du, 0xbc57ac4cu, 0x9b00dbd8u)]
    [InlineData(uint.MaxValue, uint.MaxValue, uint.MaxValue, uint.MaxValue, uint.MaxValue, uint.MaxValue, 0x408f276du, 0x41c83b0eu, 0xa20bc7c6u, 0x6d5451fdu)]
    [InlineData(0x243f6a88u, 0x85a308d3u, 0x13198a2eu, 0x03707344u, 0xa4093822u, 0x299f31d0u, 0xd16cfe09u, 0x94fdccebu, 0x5001e420u, 0x24126ea1u)]
    public void Blocks_are_the_known_answers(uint c0, uint c1, uint c2, uint c3, uint k0, uint k1, uint r0, uint r1, uint r2, uint r3)
    {
        var block = Philox.Block(new UInt128(((ulong)c3 << 32) | c2, ((ulong)c1 << 32) | c0), ((ulong)k1 << 32) | k0);
        Assert.Equal(new UInt128(((ulong)r3 << 32) | r2, ((ulong)r1 << 32) | r0), block);
    }

    [Fact]
    public void Numbers_are_the_words_of_the_blocks_in_order()
    {
        var random = new Philox(0);
        uint[] expected = [0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8];
        foreach (var word in expected) Assert.Equal(word, random.NextUInt32());
        Assert.NotEqual(expected[0], random.NextUInt32());
    }

    [Fact]
    public void Position_is_the_whole_state()
    {
        var random = new Philox(3, 5);
        for (var i = 0; i < 7; i++) random.NextUInt32();
        var position = random.Position;
        var expected = random.NextNormal();
        Assert.Equal(expected, new Philox(3, 5) { Position = position }.NextNormal());
        Assert.NotEqual(expected, new Philox(3, 6) { Position = position }.NextNormal());
    }

    [Fact]
    public void Normals_have_the_moments_of_a_normal()
    {
        const int Count = 200_000;
        var values = new double[Count];
        new Philox(11).FillNormal<double>(values, 2);
        double mean = 0, second = 0, fourth = 0;
        foreach (var v in values)
        {
            mean += v / 2 / Count;
            second += v / 2 * (v / 2) / Count;
            fourth += Math.Pow(v / 2, 4) / Count;
        }

        // Five standard deviations of each estimate.
        Assert.InRange(mean, -5 / Math.Sqrt(Count), 5 / Math.Sqrt(Count));
        Assert.InRange(second, 1 - 5 * Math.Sqrt(2.0 / Count), 1 + 5 * Math.Sqrt(2.0 / Count));
        Assert.InRange(fourth, 3 - 5 * Math.Sqrt(96.0 / Count), 3 + 5 * Math.Sqrt(96.0 / Count));
    }

    [Fact]
    public void Uniforms_stay_below_1_and_fill_the_interval()
    {
        var values = new float[100_000];
        new Philox(1).FillUniform<float>(values);
        var sum = 0.0;
        foreach (var v in values)
        {
            Assert.InRange(v, 0f, MathF.BitDecrement(1f));
            sum += v;
        }

        Assert.InRange(sum / values.Length, 0.5 - 5 * Math.Sqrt(1 / 12.0 / values.Length), 0.5 + 5 * Math.Sqrt(1 / 12.0 / values.Length));
    }

    [Fact]
    public void Bounded_integers_are_even()
    {
        var counts = new int[6];
        var random = new Philox(2);
        for (var i = 0; i < 60_000; i++) counts[random.NextInt32(6)]++;
        foreach (var count in counts) Assert.InRange(count, 10_000 - 460, 10_000 + 460);
        Assert.Throws<ArgumentOutOfRangeException>(() => random.NextInt32(0));
        Assert.Equal(0, random.NextInt32(1));
        Assert.InRange(random.NextInt32(int.MaxValue), 0, int.MaxValue - 1);
    }

    [Fact]
    public void A_shuffle_is_a_permutation_that_its_seed_fixes()
    {
        var values = Enumerable.Range(0, 100).ToArray();
        new Philox(4).Shuffle(values);
        Assert.NotEqual(Enumerable.Range(0, 100), values);
        var again = Enumerable.Range(0, 100).ToArray();
        new Philox(4).Shuffle(again);
        Assert.Equal(values, again);
        Array.Sort(again);
        Assert.Equal(Enumerable.Range(0, 100), again);
    }
}
