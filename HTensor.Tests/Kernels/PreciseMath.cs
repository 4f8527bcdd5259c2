using System.Numerics;

namespace HTensor.Tests.Kernels;

/// <summary>
/// An oracle for double: numbers as integers over 2^1400, a scale that leaves 300 bits to the smallest subnormal. Series and bisection-free
/// Newton steps only, nothing shared with the functions under test.
/// </summary>
internal static class PreciseMath
{
    private const int Scale = 1400;
    private static readonly BigInteger One = BigInteger.One << Scale;
    private static readonly BigInteger Ln2 = LnTwo();
    private static readonly BigInteger Pi = 4 * ((4 * Arctangent(5)) - Arctangent(239));

    public static BigInteger FromDouble(double x)
    {
        var bits = BitConverter.DoubleToInt64Bits(x);
        var exponent = (int)((bits >> 52) & 0x7FF);
        var mantissa = new BigInteger(bits & 0xFFFFFFFFFFFFF);
        if (exponent == 0) exponent = 1;
        else mantissa += BigInteger.One << 52;
        var shift = exponent - 1075 + Scale;
        var value = mantissa << shift;
        return bits < 0 ? -value : value;
    }

    /// <summary>|found - exact| in units of the last place of a double of the exact value's size.</summary>
    public static double Ulps(double found, BigInteger exact)
    {
        var size = (int)(BigInteger.Abs(exact).GetBitLength() - 1) - Scale;
        var ulp = Math.Max(size - 52, -1074);
        var difference = BigInteger.Abs(FromDouble(found) - exact) >> (Scale + ulp - 40);
        return (double)difference / (1L << 40);
    }

    public static BigInteger Exp(double x) => Exp(FromDouble(x));

    public static BigInteger Log(double x)
    {
        var guess = FromDouble(Math.Log(x));
        var d = Multiply(FromDouble(x), Exp(-guess)) - One;
        var square = Multiply(d, d);
        return guess + d - (square / 2) + (Multiply(square, d) / 3) - (Multiply(square, square) / 4);
    }

    public static BigInteger Tanh(double x)
    {
        var e = Exp(2 * FromDouble(x));
        return Divide(e - One, e + One);
    }

    public static BigInteger Sigmoid(double x)
    {
        var e = Exp(FromDouble(x));
        return Divide(e, One + e);
    }

    public static BigInteger Sin(double x) => SinOf(FromDouble(x));

    public static BigInteger Cos(double x) => SinOf(FromDouble(x) + (Pi / 2));

    private static BigInteger SinOf(BigInteger x)
    {
        x = BigInteger.Remainder(x, 2 * Pi);
        var term = x;
        var sum = x;
        var square = Multiply(x, x);
        for (var k = 2; !term.IsZero; k += 2)
        {
            term = -Multiply(term, square) / (k * (k + 1));
            sum += term;
        }

        return sum;
    }

    private static BigInteger Exp(BigInteger x)
    {
        const int Halvings = 16;
        var n = (int)BigInteger.Divide(x, Ln2);
        var r = (x - (n * Ln2)) >> Halvings;
        var term = One;
        var sum = One;
        for (var k = 1; !term.IsZero && term != -1; k++)
        {
            term = Multiply(term, r) / k;
            sum += term;
        }

        for (var i = 0; i < Halvings; i++) sum = Multiply(sum, sum);
        return n >= 0 ? sum << n : sum >> -n;
    }

    private static BigInteger Multiply(BigInteger a, BigInteger b) => (a * b) >> Scale;

    private static BigInteger Divide(BigInteger a, BigInteger b) => (a << Scale) / b;

    // ln 2 = sum 1 / (k 2^k)
    private static BigInteger LnTwo()
    {
        var sum = BigInteger.Zero;
        for (var k = 1; k <= Scale; k++) sum += (One >> k) / k;
        return sum;
    }

    private static BigInteger Arctangent(int inverse)
    {
        var power = One / inverse;
        var sum = power;
        for (var k = 3; !power.IsZero; k += 2)
        {
            power = -power / (inverse * inverse);
            sum += power / k;
        }

        return sum;
    }
}
