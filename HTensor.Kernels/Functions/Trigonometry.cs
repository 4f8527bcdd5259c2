namespace HTensor.Kernels;

/// <summary>
/// sin and cos in double: x = q pi/2 + (r + tail), |r| at most pi/4, then a minimax polynomial of r, shifted by the quadrant q mod 4.
/// Large x are reduced with the bits of 2/pi that matter to them (Payne and Hanek).
/// </summary>
internal static class Trigonometry
{
    // Below, three parts of pi/2 leave an error far below the result's last bit, however close x is to a multiple of pi/2.
    private const double SmallReduction = 1 << 20;

    // Below 2^-27, sin x is x and cos x is 1 to the last bit.
    private const double Negligible = 7.450580596923828e-9;

    private const double PiHalf = 1.5707963267948966;
    private const double PiHalfMiddle = 6.123233995736766e-17;
    private const double PiHalfLow = -1.4973849048591697773e-33;

    /// <summary>2/pi, 64 bits an entry, the binary point before the first.</summary>
    private static ReadOnlySpan<ulong> TwoOverPi =>
    [
        0xA2F9836E4E441529, 0xFC2757D1F534DDC0, 0xDB6295993C439041, 0xFE5163ABDEBBC561, 0xB7246E3A424DD2E0,
        0x06492EEA09D1921C, 0xFE1DEB1CB129A73E, 0xE88235F52EBB4484, 0xE99C7026B45F7E41, 0x3991D639835339F4,
        0x9C845F8BBDF9283B, 0x1FF897FFDE05980F, 0xEF2F118B5A0A6D1F, 0x6D367ECF27CB09B7, 0x4F463F669E5FEA2D,
        0x7527BAC7EBE5F17B, 0x3D0739F78A5292EA, 0x6BFB5FB11F8D5D08, 0x56033046FC7B6BAB, 0xF0CFBC209AF4361D,
    ];

    public static double Sin(double x) => Evaluate(x, 0);

    public static double Cos(double x) => Evaluate(x, 1);

    private static double Evaluate(double x, int quarterTurns)
    {
        if (!double.IsFinite(x)) return double.NaN;
        var magnitude = double.Abs(x);
        if (magnitude < Negligible) return quarterTurns == 0 ? x : 1;
        var quadrant = magnitude < SmallReduction ? ReduceSmall(x, out var r, out var tail) : ReduceLarge(x, out r, out tail);
        quadrant += quarterTurns;
        var value = (quadrant & 1) == 0 ? SinKernel(r, tail) : CosKernel(r, tail);
        return (quadrant & 2) == 0 ? value : -value;
    }

    private static int ReduceSmall(double x, out double r, out double tail)
    {
        const double Magic = 6755399441055744.0;
        var q = double.FusedMultiplyAdd(x, 0.63661977236758134308, Magic) - Magic;

        // x - q PiHalf is exact: the product's last bit is no finer than 2^-52. The second part's product is split into value and error.
        var a = double.FusedMultiplyAdd(-q, PiHalf, x);
        var product = q * PiHalfMiddle;
        var error = double.FusedMultiplyAdd(q, PiHalfMiddle, -product);
        r = a - product;
        var back = r - a;
        tail = a - (r - back) + (-product - back) - error - q * PiHalfLow;
        return (int)q;
    }

    private static int ReduceLarge(double x, out double r, out double tail)
    {
        var bits = BitConverter.DoubleToUInt64Bits(double.Abs(x));
        var mantissa = (bits & 0xFFFFFFFFFFFFF) | 0x10000000000000;
        var exponent = (int)(bits >> 52) - 1075;

        // mantissa 2^exponent (2/pi) modulo 4, as 192 bits: two of the quadrant, 190 below the point. Bits of 2/pi that stand for multiples
        // of 4 are skipped.
        var start = exponent - 2;
        var low = (UInt128)mantissa * Window(start + 128);
        var middle = (UInt128)mantissa * Window(start + 64) + (low >> 64);
        var high = unchecked(mantissa * Window(start) + (ulong)(middle >> 64));
        var quadrant = (int)(high >> 62);
        var fraction = (new UInt128(high, (ulong)middle) << 2) | (UInt128)((ulong)low >> 62);
        var negative = (fraction >> 127) != UInt128.Zero;
        if (negative)
        {
            quadrant++;
            fraction = UInt128.Zero - fraction;
        }

        FractionOfPiHalf(fraction, out r, out tail);
        if (negative != (x < 0))
        {
            r = -r;
            tail = -tail;
        }

        return x < 0 ? -quadrant : quadrant;
    }

    /// <summary>r + tail = fraction / 2^128 * pi/2.</summary>
    private static void FractionOfPiHalf(UInt128 fraction, out double r, out double tail)
    {
        var zeros = (int)UInt128.LeadingZeroCount(fraction);
        var normalized = fraction << zeros;
        var first = double.ScaleB((ulong)(normalized >> 75), -53 - zeros);
        var second = double.ScaleB((ulong)(normalized >> 22) & 0x1FFFFFFFFFFFFF, -106 - zeros);
        var product = first * PiHalf;
        var rest = double.FusedMultiplyAdd(first, PiHalf, -product) + (first * PiHalfMiddle + second * PiHalf);
        r = product + rest;
        tail = product - r + rest;
    }

    /// <summary>64 bits of 2/pi after the first <paramref name="start"/>; zeros stand before the point.</summary>
    private static ulong Window(int start)
    {
        var word = start >> 6;
        var bit = start & 63;
        var high = word < 0 ? 0 : TwoOverPi[word];
        return bit == 0 ? high : (high << bit) | (TwoOverPi[word + 1] >> (64 - bit));
    }

    private static double SinKernel(double r, double tail)
    {
        var z = r * r;
        var s = 1.5894726933558495253e-10;
        s = double.FusedMultiplyAdd(s, z, -2.5050734844906136131e-8);
        s = double.FusedMultiplyAdd(s, z, 2.7557313653520473452e-6);
        s = double.FusedMultiplyAdd(s, z, -0.00019841269830148834664);
        s = double.FusedMultiplyAdd(s, z, 0.0083333333333236669969);
        s = double.FusedMultiplyAdd(s, z, -0.16666666666666642162);
        return r + double.FusedMultiplyAdd(r * z, s, tail * double.FusedMultiplyAdd(-0.5, z, 1));
    }

    private static double CosKernel(double r, double tail)
    {
        var z = r * r;
        var c = -1.1367992111475878557e-11;
        c = double.FusedMultiplyAdd(c, z, 2.0875897910014890308e-9);
        c = double.FusedMultiplyAdd(c, z, -2.7557315739656447573e-7);
        c = double.FusedMultiplyAdd(c, z, 0.000024801587294630783747);
        c = double.FusedMultiplyAdd(c, z, -0.0013888888888882842158);
        c = double.FusedMultiplyAdd(c, z, 0.041666666666666651338);
        var half = 0.5 * z;
        var w = 1 - half;
        return w + (1 - w - half + double.FusedMultiplyAdd(z * z, c, -r * tail));
    }
}
