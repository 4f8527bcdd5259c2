using System.Numerics;
using HTensor.Kernels;
using Xunit;

namespace HTensor.Tests.Kernels;

public sealed class FunctionsTests
{
    /// <summary>Where a float function begins to overflow, to underflow, to lose digits or to saturate, or changes its way.</summary>
    private static readonly float[] Edges =
    [
        88.72284f, 87.33655f, 103.27893f, 103.97208f, 0.34657359f, 0.17328680f, 9.01f, 8.6643398f, 16.635532f, 17.32868f, 1f, 0.70710678f, 1.41421356f, 2f,
        1.1754944e-38f, 1.4e-45f, 3.4028235e38f, 5.9604645e-8f, 2.4414062e-4f,
    ];

    [Fact]
    public void Exp_of_float_is_within_2_ulp_over_all_floats() => SweepFloats(Functions.Exp, Math.Exp, 2);

    [Fact]
    public void Log_of_float_is_within_2_ulp_over_all_floats() => SweepFloats(Functions.Log, Math.Log, 2);

    [Fact]
    public void Tanh_of_float_is_within_4_ulp_over_all_floats() => SweepFloats(Functions.Tanh, Math.Tanh, 4);

    [Fact]
    public void Sigmoid_of_float_is_within_4_ulp_over_all_floats() => SweepFloats(Functions.Sigmoid, x => 1 / (1 + Math.Exp(-x)), 4);

    [Fact]
    public void Exp_of_double_is_within_2_ulp() => SweepDoubles(ScalarFunctions.Exp, PreciseMath.Exp, 2, [.. Linear(-745, 709.7), .. Around(709.782712893384, -708.3964185322641, -745.1332191019411, 0.34657359027997264, -0.34657359027997264)]);

    [Fact]
    public void Log_of_double_is_within_2_ulp() =>
        SweepDoubles(ScalarFunctions.Log, PreciseMath.Log, 2, [.. Exponents(-1074, 1023), .. Linear(0.5, 2), 1 + 1e-15, 1 - 1e-15, double.Epsilon, double.MaxValue, .. Around(1, 0.7071067811865476, 1.4142135623730951, 2.2250738585072014e-308)]);

    [Fact]
    public void Tanh_of_double_is_within_4_ulp() =>
        SweepDoubles(ScalarFunctions.Tanh, PreciseMath.Tanh, 4, [.. Exponents(-1074, 5), .. Linear(-24, 24), .. Linear(-1, 1), .. Around(0.17328679513998632, 0.5198603854199589, 19.061547465398498, 22, -2.2250738585072014e-308, 1e-8)]);

    [Fact]
    public void Sigmoid_of_double_is_within_4_ulp() =>
        SweepDoubles(ScalarFunctions.Sigmoid, PreciseMath.Sigmoid, 4, [.. Linear(-745, 700), .. Linear(-40, 40), .. Around(-708.3964185322641, -709.782712893384, -745.1332191019411, 36.7368005696771, 0.34657359027997264, 1e-300)]);

    [Fact]
    public void Sin_and_cos_are_within_1_ulp_at_any_size()
    {
        // 2^885 * 6381956970095103 is the double that comes closest to a multiple of pi/2 (Muller); the others stand beside its small ones.
        double[] values = [.. Exponents(-30, 1023), .. Linear(-20, 20), Math.ScaleB(6381956970095103, 797), Math.PI, Math.PI / 2, 1048575.9, 1048576.5, 710 * Math.PI / 2];
        SweepDoubles(ScalarFunctions.Sin, PreciseMath.Sin, 1, values);
        SweepDoubles(ScalarFunctions.Cos, PreciseMath.Cos, 1, values);
        Assert.Equal(BitConverter.DoubleToInt64Bits(-0.0), BitConverter.DoubleToInt64Bits(ScalarFunctions.Sin(-0.0)));
        Assert.True(double.IsNaN(ScalarFunctions.Cos(double.PositiveInfinity)));
        Assert.Equal((float)Math.Sin(0.75f), ScalarFunctions.Sin(0.75f));
    }

    [Fact]
    public void Special_values_are_those_of_IEEE_754()
    {
        SpecialValues<float>();
        SpecialValues<double>();
    }

    [Fact]
    public void Bits_do_not_depend_on_length_position_or_width()
    {
        EveryWidth<ExpBody<float>, float>(Functions.Exp);
        EveryWidth<LogBody<float>, float>(Functions.Log);
        EveryWidth<TanhBody<float>, float>(Functions.Tanh);
        EveryWidth<SigmoidBody<float>, float>(Functions.Sigmoid);
        EveryWidth<ExpBody<double>, double>(Functions.Exp);
        EveryWidth<LogBody<double>, double>(Functions.Log);
        EveryWidth<TanhBody<double>, double>(Functions.Tanh);
        EveryWidth<SigmoidBody<double>, double>(Functions.Sigmoid);
    }

    [Fact]
    public void Lengths_and_overlaps_that_do_not_fit_are_refused()
    {
        var values = new float[20];
        var exception = Assert.Throws<ArgumentException>(() => Functions.Exp<float>(values.AsSpan(0, 7), values.AsSpan(8, 6)));
        Assert.Contains("expected 7", exception.Message, StringComparison.Ordinal);
        Assert.Contains("found 6", exception.Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => Functions.Exp<float>(values.AsSpan(0, 7), values.AsSpan(3, 7)));
        Functions.Exp<float>(values, values);
        Assert.All(values, v => Assert.Equal(1f, v));
        Assert.Throws<NotSupportedException>(() => Functions.Exp<Half>(new Half[2], new Half[2]));
    }

    private delegate void SpanFunction<T>(ReadOnlySpan<T> source, Span<T> destination);

    private static void SweepFloats(SpanFunction<float> function, Func<double, double> oracle, double limit)
    {
        const uint Step = 4099;
        var values = new List<float>();
        for (ulong bits = 0; bits <= uint.MaxValue; bits += Step)
        {
            var value = BitConverter.UInt32BitsToSingle((uint)bits);
            if (float.IsFinite(value)) values.Add(value);
        }

        // A sweep by bits spends most of itself on sizes where nothing happens.
        for (var x = -110f; x < 110f; x += 0.00071f) values.Add(x);
        foreach (var edge in Edges)
            for (var step = -300; step <= 300; step++)
            {
                var value = BitConverter.Int32BitsToSingle(BitConverter.SingleToInt32Bits(edge) + step);
                if (float.IsFinite(value)) values.AddRange([value, -value]);
            }

        var results = new float[values.Count];
        function(values.ToArray(), results);
        var (worst, at) = (0.0, 0f);
        for (var i = 0; i < results.Length; i++)
        {
            var exact = oracle(values[i]);
            if (double.IsNaN(exact) || Math.Abs(exact) >= 3.4028235677973366e38 || exact is double.NegativeInfinity)
            {
                var rounded = (float)exact;
                Assert.True(rounded.Equals(results[i]), $"f({values[i]:R}): expected {rounded}, found {results[i]}");
                continue;
            }

            var ulp = Math.Max(Math.ScaleB(1, -149), exact == 0 ? 0 : Math.ScaleB(1, Math.ILogB(exact) - 23));
            var error = Math.Abs(results[i] - exact) / ulp;
            if (!(error <= worst)) (worst, at) = (error, values[i]);
        }

        TestContext.Current.TestOutputHelper?.WriteLine($"worst {worst:F3} ulp at {at:R}");
        Assert.True(worst <= limit, $"{worst} ulp at {at:R}");
    }

    private static void SweepDoubles(Func<double, double> function, Func<double, BigInteger> oracle, double limit, IEnumerable<double> values)
    {
        var (worst, at) = (0.0, 0.0);
        foreach (var value in values)
        {
            var (found, exact) = (function(value), oracle(value));
            if (exact >= PreciseMath.FromDouble(double.PositiveInfinity))
            {
                Assert.Equal(double.PositiveInfinity, found);
                continue;
            }

            var error = PreciseMath.Ulps(found, exact);
            if (error > worst) (worst, at) = (error, value);
        }

        TestContext.Current.TestOutputHelper?.WriteLine($"worst {worst:F3} ulp at {at:R}");
        Assert.True(worst <= limit, $"{worst} ulp at {at:R}");
    }

    private static IEnumerable<double> Linear(double from, double to)
    {
        const int Count = 600;
        for (var i = 0; i <= Count; i++) yield return from + ((to - from) * i / Count);
    }

    /// <summary>Each number and its twenty neighbours on either side.</summary>
    private static IEnumerable<double> Around(params double[] numbers) =>
        numbers.SelectMany(number => Enumerable.Range(-20, 41).Select(step => BitConverter.Int64BitsToDouble(BitConverter.DoubleToInt64Bits(number) + step)));

    private static IEnumerable<double> Exponents(int from, int to)
    {
        for (var e = from; e <= to; e += 3) yield return Math.ScaleB(1 + ((e * 7919 & 1023) / 1024.0), e);
    }

    private static void SpecialValues<T>()
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var infinity = T.PositiveInfinity;
        Assert.Equal(T.Zero, ScalarFunctions.Exp(-infinity));
        Assert.Equal(infinity, ScalarFunctions.Exp(infinity));
        Assert.Equal(T.One, ScalarFunctions.Exp(T.NegativeZero));
        Assert.Equal(T.NegativeInfinity, ScalarFunctions.Log(T.NegativeZero));
        Assert.Equal(infinity, ScalarFunctions.Log(infinity));
        Assert.Equal(T.Zero, ScalarFunctions.Log(T.One));
        Assert.True(T.IsNaN(ScalarFunctions.Log(-T.One)));
        Assert.True(T.IsNaN(ScalarFunctions.Log(-infinity)));
        Assert.Equal(-T.One, ScalarFunctions.Tanh(-infinity));
        Assert.Equal(T.One, ScalarFunctions.Tanh(infinity));
        Assert.True(T.IsNegative(ScalarFunctions.Tanh(T.NegativeZero)));
        Assert.Equal(T.Epsilon, ScalarFunctions.Tanh(T.Epsilon));
        Assert.Equal(T.Zero, ScalarFunctions.Sigmoid(-infinity));
        Assert.Equal(T.One, ScalarFunctions.Sigmoid(infinity));
        foreach (var function in new Func<T, T>[] { ScalarFunctions.Exp, ScalarFunctions.Log, ScalarFunctions.Tanh, ScalarFunctions.Sigmoid })
            Assert.True(T.IsNaN(function(T.NaN)));
    }

    private static void EveryWidth<TBody, T>(SpanFunction<T> function)
        where TBody : struct, IUnary<T>
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var random = new Philox(7);
        for (var length = 0; length <= 130; length++)
        {
            var source = new T[length];
            random.FillNormal(source, T.CreateTruncating(typeof(T) == typeof(float) ? 40 : 300));
            if (length > 3) (source[1], source[3]) = (T.NaN, T.Epsilon);
            var found = new T[length + 2];
            Array.Fill(found, T.CreateTruncating(77));
            function(source, found.AsSpan(1, length));
            Assert.Equal(T.CreateTruncating(77), found[0]);
            Assert.Equal(T.CreateTruncating(77), found[^1]);
            for (var width = 0; width < LaneWidths.Count; width++)
            {
                var other = new T[length];
                LaneWidths.Run(LaneDriver.First<UnaryBody<TBody, T>, T>(default), [source, other], width, length % 2 == 0);
                Assert.Equal(found.AsSpan(1, length).ToArray(), other);
            }

            for (var i = 0; i < length; i++)
                Assert.Equal(TBody.Apply(SimdScalar<T>.Broadcast(source[i]), new FunctionConstants<SimdScalar<T>, T>(default)).Value, found[i + 1]);
        }
    }
}
