using System.Globalization;

namespace HTensor.Cli;

/// <summary>Numbers as people read them, the same in every country.</summary>
internal static class Words
{
    public static string Count(long value) => value.ToString("N0", CultureInfo.InvariantCulture);

    public static string Count(double value) => value.ToString("N0", CultureInfo.InvariantCulture);

    public static string Fixed(double value, int digits) => value.ToString($"F{digits}", CultureInfo.InvariantCulture);

    /// <summary>A setting, with as many digits as it takes.</summary>
    public static string Number(double value) => value.ToString(CultureInfo.InvariantCulture);

    /// <summary>A ratio: whole from 100 on, else with two digits.</summary>
    public static string Ratio(double value) => value >= 100 ? Count(value) : Fixed(value, 2);

    /// <summary>A choice as the options spell it.</summary>
    public static string Lower<TEnum>(TEnum value)
        where TEnum : struct, Enum => value.ToString().ToLowerInvariant();

    public static string List(IEnumerable<int> values) => string.Join(',', values);

    /// <summary>Modes as users write them: 8x10x10x9x8.</summary>
    public static string Modes(IEnumerable<int> modes) => string.Join('x', modes);
}
