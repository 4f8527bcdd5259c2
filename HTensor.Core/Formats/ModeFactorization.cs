using System.Numerics;

namespace HTensor.Core;

/// <summary>Cuts the two sides of a weight matrix into modes where the user does not: the <c>auto</c> of the tool. Integers alone, the same on every machine.</summary>
public static class ModeFactorization
{
    /// <summary>Bits of a pair n_k m_k that the chosen order aims at: some 32 entries a pair, as the published layers have.</summary>
    private const double BitsAPair = 5;

    /// <summary>
    /// The <paramref name="order"/> factors of <paramref name="number"/> that are nearest to each other, ascending: of all that multiply to
    /// it those of the least sum, and of equal sums those whose smallest are largest. 57,600 over five modes: 8x8x9x10x10. A number with
    /// fewer prime factors than modes has them behind ones: 7 over three modes is 1x1x7.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">A number or an order below 1.</exception>
    public static IReadOnlyList<int> Factor(int number, int order)
    {
        Require(number, nameof(number), "a number to factor");
        Require(order, nameof(order), "an order");
        var primes = PrimeFactors(number);
        if (primes.Count <= order) return [.. Enumerable.Repeat(1, order - primes.Count), .. primes];
        var search = new Search(order);
        search.Extend(number, 2, 0);
        return search.Best;
    }

    /// <summary>
    /// How many modes each side should have for a matrix of <paramref name="inputs"/> x <paramref name="hidden"/>: the order at which a pair
    /// n_k m_k has some 32 entries; where a side has too few prime factors for that, as many as it has, but two of a large matrix even so.
    /// 57,600 and 256: 5; 5,184 and 256: 4; 64 and 64: 3.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">A size below 1.</exception>
    public static int Order(int inputs, int hidden)
    {
        Require(inputs, nameof(inputs), "a number of inputs");
        Require(hidden, nameof(hidden), "a number of hidden units");
        var bits = BitOperations.Log2((ulong)inputs * (ulong)hidden) + 1;
        var wanted = (int)Math.Round(bits / BitsAPair, MidpointRounding.AwayFromZero);
        var useful = Math.Max(2, Math.Min(PrimeFactors(inputs).Count, PrimeFactors(hidden).Count));
        return Math.Clamp(wanted, 1, useful);
    }

    /// <summary>The largest prime that divides a number; 1 of 1.</summary>
    internal static int LargestPrime(int number) => PrimeFactors(number) is [.., var largest] ? largest : 1;

    private static void Require(int value, string name, string what)
    {
        if (value < 1) throw new ArgumentOutOfRangeException(name, $"modes: expected {what} of at least 1, found {value}");
    }

    /// <summary>Prime factors, ascending, each as often as it divides.</summary>
    private static List<int> PrimeFactors(int number)
    {
        var primes = new List<int>();
        for (var prime = 2; (long)prime * prime <= number; prime++)
        {
            for (; number % prime == 0; number /= prime) primes.Add(prime);
        }

        if (number > 1) primes.Add(number);
        return primes;
    }

    /// <summary>
    /// Depth first over ascending factors, each from its largest possible value down. The least sum that the rest can have grows as a factor
    /// falls, so the first factor that cannot win ends the loop.
    /// </summary>
    private sealed class Search(int order)
    {
        private readonly int[] _factors = new int[order];
        private long _least = long.MaxValue;

        public int[] Best { get; private set; } = [];

        /// <summary>Chooses the factors from number <paramref name="depth"/> on, whose product is <paramref name="rest"/>.</summary>
        public void Extend(int rest, int smallest, long taken, int depth = 0)
        {
            var open = order - depth;
            if (open == 1)
            {
                _factors[depth] = rest;
                if (taken + rest < _least) (Best, _least) = ([.. _factors], taken + rest);
                return;
            }

            for (var factor = Root(rest, open); factor >= smallest; factor--)
            {
                if (taken + factor + LeastSum(rest / factor, open - 1) >= _least) return;
                if (rest % factor != 0) continue;
                _factors[depth] = factor;
                Extend(rest / factor, factor, taken + factor, depth + 1);
            }
        }

        /// <summary>The least sum of <paramref name="count"/> whole numbers whose product is at least <paramref name="product"/>: they differ by one at most.</summary>
        private static long LeastSum(int product, int count)
        {
            var low = Root(product, count);
            var raised = 0;
            while (Power(low, count - raised) * Power(low + 1, raised) < product) raised++;
            return (long)low * count + raised;
        }

        /// <summary>The largest whole number whose <paramref name="power"/> is at most <paramref name="number"/>.</summary>
        private static int Root(int number, int power)
        {
            if (power == 1) return number;
            var (low, high) = (1, 1 << (32 / power + 1));
            while (high - low > 1)
            {
                var middle = low + (high - low) / 2;
                if (Power(middle, power) <= number) low = middle;
                else high = middle;
            }

            return low;
        }

        /// <summary>At most (2^17)^2 or 2^62 with the bases that <see cref="Root"/> and <see cref="LeastSum"/> try.</summary>
        private static long Power(int value, int power)
        {
            var product = 1L;
            for (var i = 0; i < power; i++) product *= value;
            return product;
        }
    }
}
