using System.Runtime.CompilerServices;

namespace HTensor.Kernels;

/// <summary>What the poles of a secular equation are.</summary>
internal enum Poles
{
    /// <summary>The d_j themselves: eigenvalues of diag(d) + z z^T.</summary>
    Values,

    /// <summary>The d_j^2: squares of the singular values of [z; diag(0, d_1, ...)].</summary>
    Squares,
}

/// <summary>
/// The roots of f(x) = 1 + sum_j w_j / (p_j - x), one above each pole p_j. Each is found as its distance to the nearer of its two poles, by rational
/// interpolation of the sums on both sides (Bunch, Nielsen and Sorensen 1978) within a bracket, and only differences p_j - x are handed on, each to a
/// few epsilon of itself: so the vectors made of them are orthogonal (Gu and Eisenstat 1995).
/// </summary>
internal static unsafe class SecularEquation
{
    private const double Epsilon = 1.1e-16;
    private const int MostSteps = 80;
    private const int Lanes = 8;

    /// <summary>p_i - p_j.</summary>
    public static double Difference(Poles poles, double a, double b) => poles == Poles.Squares ? (a - b) * (a + b) : a - b;

    /// <summary>
    /// d ascending and apart, weights positive. values[k]: the root above d_k, as d is (of squares its root); differences[k * count + j] = p_j - root_k.
    /// </summary>
    public static void Solve(int count, double* d, double* weights, Poles poles, double* values, double* differences)
    {
        double total = 0;
        for (var j = 0; j < count; j++) total += weights[j];
        for (var k = 0; k < count; k++)
        {
            var row = differences + (nint)k * count;
            var (origin, root) = Root(k, count, d, weights, poles, total, row);
            for (var j = 0; j < count; j++) row[j] -= root;
            values[k] = poles == Poles.Squares ? origin + root / (origin + double.Sqrt(double.Max(0, origin * origin + root))) : origin + root;
        }
    }

    /// <summary>
    /// The z, of the signs that z has, for which the roots are exact (Loewner): z_i^2 = prod_k (root_k - p_i) / prod_k' (p_k - p_i).
    /// </summary>
    public static void Refine(int count, double* d, Poles poles, double* differences, double* z, double* products)
    {
        var last = differences + (nint)(count - 1) * count;
        for (var i = 0; i < count; i++) products[i] = -last[i];
        for (var k = 0; k < count - 1; k++)
        {
            var row = differences + (nint)k * count;
            for (var i = 0; i <= k; i++) products[i] *= row[i] / Difference(poles, d[i], d[k + 1]);
            for (var i = k + 1; i < count; i++) products[i] *= row[i] / Difference(poles, d[i], d[k]);
        }

        for (var i = 0; i < count; i++) z[i] = double.CopySign(double.Sqrt(double.Abs(products[i])), z[i]);
    }

    /// <summary>The nearer pole and the root's distance from it; shifted: the poles' distances from that pole.</summary>
    private static (double Origin, double Root) Root(int k, int count, double* d, double* weights, Poles poles, double total, double* shifted)
    {
        if (k == count - 1)
        {
            Shift(count, d, d[k], poles, shifted);
            // A little more than the sum of the weights, which is the root of a single pole.
            return (d[k], Iterate(k, count, shifted, weights, 0, total * (1 + 8 * Epsilon), total / 2));
        }

        Shift(count, d, d[k], poles, shifted);
        var half = shifted[k + 1] / 2;
        var middle = new Sums(k, count, shifted, weights, half);
        if (middle.Value >= 0) return (d[k], Iterate(k, count, shifted, weights, 0, half, Guess(middle, shifted[k], shifted[k + 1], weights[k], weights[k + 1], half)));
        Shift(count, d, d[k + 1], poles, shifted);
        return (d[k + 1], Iterate(k, count, shifted, weights, -half, 0, Guess(middle, shifted[k], shifted[k + 1], weights[k], weights[k + 1], -half)));
    }

    private static void Shift(int count, double* d, double origin, Poles poles, double* shifted)
    {
        for (var j = 0; j < count; j++) shifted[j] = Difference(poles, d[j], origin);
    }

    /// <summary>The root if all poles but the two neighbours gave what they give in the middle.</summary>
    private static double Guess(in Sums middle, double left, double right, double leftWeight, double rightWeight, double at)
    {
        var rest = middle.Value - leftWeight / (left - at) - rightWeight / (right - at);
        return at + Correction(rest, leftWeight, rightWeight, left - at, right - at, middle.Value);
    }

    /// <summary>eta with c + a / (x - eta) + b / (y - eta) = 0 between x and y, whose value at 0 is f.</summary>
    private static double Correction(double c, double a, double b, double x, double y, double f)
    {
        var half = (c * (x + y) + a + b) / 2;
        var product = x * y * f;
        var root = double.Sqrt(double.Max(0, half * half - c * product));
        return half <= 0 ? (half - root) / c : product / (half + root);
    }

    private static double Iterate(int k, int count, double* shifted, double* weights, double low, double high, double guess)
    {
        var x = guess > low && guess < high ? guess : low / 2 + high / 2;
        for (var step = 0; step < MostSteps; step++)
        {
            var sums = new Sums(k, count, shifted, weights, x);
            if (double.Abs(sums.Value) <= 8 * Epsilon * (1 + sums.Size)) return x;
            if (sums.Value < 0) low = x;
            else high = x;
            var left = shifted[k] - x;
            double correction;
            if (k == count - 1)
            {
                // 1 + a + b / (left - eta) = 0
                correction = left + sums.LeftSlope * left * left / (1 + sums.Left - sums.LeftSlope * left);
            }
            else
            {
                var right = shifted[k + 1] - x;
                var c = sums.Value - sums.LeftSlope * left - sums.RightSlope * right;
                correction = Correction(c, sums.LeftSlope * left * left, sums.RightSlope * right * right, left, right, sums.Value);
            }

            var next = x + correction;
            if (!(next > low && next < high)) next = low / 2 + high / 2;
            if (next == x || next == low || next == high) return x;
            x = next;
        }

        return x;
    }

    /// <summary>f and its parts: poles up to the k-th, and those above it.</summary>
    private readonly struct Sums
    {
        public readonly double Left;
        public readonly double LeftSlope;
        public readonly double Right;
        public readonly double RightSlope;

        public Sums(int k, int count, double* shifted, double* weights, double x)
        {
            var below = (k + 1) / Lanes * Lanes;
            var above = int.Min(count, (k + Lanes) / Lanes * Lanes);
            var end = above + (count - above) / Lanes * Lanes;
            Add(0, below, shifted, weights, x, ref Left, ref LeftSlope);
            for (var j = below; j <= k; j++) AddOne(shifted[j], weights[j], x, ref Left, ref LeftSlope);
            Add(above, end, shifted, weights, x, ref Right, ref RightSlope);
            for (var j = k + 1; j < above; j++) AddOne(shifted[j], weights[j], x, ref Right, ref RightSlope);
            for (var j = end; j < count; j++) AddOne(shifted[j], weights[j], x, ref Right, ref RightSlope);
        }

        public double Value => 1 + Left + Right;

        public double Size => double.Abs(Left) + double.Abs(Right);

        private static void AddOne(double pole, double weight, double x, ref double sum, ref double slope)
        {
            var reciprocal = 1 / (pole - x);
            var term = weight * reciprocal;
            sum += term;
            slope = double.FusedMultiplyAdd(term, reciprocal, slope);
        }

        private static void Add(int first, int end, double* shifted, double* weights, double x, ref double sum, ref double slope)
        {
            if (first >= end) return;
            switch (SimdWidth.Bits)
            {
                case 512: Add<Simd512<double>>(first, end, shifted, weights, x, ref sum, ref slope); break;
                case 256: Add<Simd256<double>>(first, end, shifted, weights, x, ref sum, ref slope); break;
                case 128: Add<Simd128<double>>(first, end, shifted, weights, x, ref sum, ref slope); break;
                default: Add<SimdScalar<double>>(first, end, shifted, weights, x, ref sum, ref slope); break;
            }
        }

        /// <summary>Lane l sums the elements first + l, first + l + 8, ...; the lanes in halves.</summary>
        [SkipLocalsInit]
        [MethodImpl(Compile.Apart)]
        private static void Add<V>(int first, int end, double* shifted, double* weights, double x, ref double sum, ref double slope)
            where V : unmanaged, ISimd<V, double>
        {
            var lanes = stackalloc double[2 * Lanes];
            V one = V.Broadcast(1), at = V.Broadcast(x);
            for (var lane = 0; lane < Lanes; lane += V.Count)
            {
                V sums = default, slopes = default;
                for (nint j = first + lane; j < end; j += Lanes)
                {
                    var reciprocal = one / (V.Load(shifted + j) - at);
                    var term = V.Load(weights + j) * reciprocal;
                    sums += term;
                    slopes = V.FusedMultiplyAdd(term, reciprocal, slopes);
                }

                V.Store(sums, lanes + lane);
                V.Store(slopes, lanes + Lanes + lane);
            }

            for (var half = Lanes / 2; half > 0; half /= 2)
            {
                for (var l = 0; l < half; l++)
                {
                    lanes[l] += lanes[l + half];
                    lanes[Lanes + l] += lanes[Lanes + l + half];
                }
            }

            sum += lanes[0];
            slope += lanes[Lanes];
        }
    }
}
