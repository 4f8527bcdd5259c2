namespace HTensor.Rnn;

/// <summary>
/// Sine and cosine of angles counted in 1/1024 of a turn, as integers of <see cref="One"/>. The table comes from a polynomial of + - * /,
/// so it has the same bits on every machine; the C library's sine does not.
/// </summary>
internal static class BinaryAngle
{
    /// <summary>Steps of a whole turn.</summary>
    public const int Turn = 1024;

    /// <summary>The integer that stands for 1.</summary>
    public const int One = 1 << Shift;

    public const int Shift = 14;

    private const int Quarter = Turn / 4;
    private const double HalfPi = 1.5707963267948966;

    private static readonly short[] FirstQuarter = MakeFirstQuarter();

    public static int Cos(int angle) => Sin(angle + Quarter);

    public static int Sin(int angle)
    {
        var inTurn = angle & (Turn - 1);
        var inQuarter = inTurn & (Quarter - 1);
        return (inTurn / Quarter) switch
        {
            0 => FirstQuarter[inQuarter],
            1 => FirstQuarter[Quarter - inQuarter],
            2 => -FirstQuarter[inQuarter],
            _ => -FirstQuarter[Quarter - inQuarter],
        };
    }

    private static short[] MakeFirstQuarter()
    {
        var table = new short[Quarter + 1];
        for (var i = 0; i <= Quarter; i++)
        {
            var x = HalfPi * i / Quarter;
            table[i] = (short)(int)(One * TaylorSin(x) + 0.5);
        }

        return table;
    }

    // Below 1e-12 off on [0, pi / 2]: far finer than 1 / One.
    private static double TaylorSin(double x)
    {
        var term = x;
        var sum = x;
        for (var n = 2; n <= 18; n += 2)
        {
            term = -term * x * x / (n * (n + 1));
            sum += term;
        }

        return sum;
    }
}
