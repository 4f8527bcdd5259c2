namespace HTensor.Core;

/// <summary>Names of a train's bonds in reports: the modes left of each.</summary>
internal static class TrainKeys
{
    public static string[] Of(int order)
    {
        var keys = new string[order];
        for (var k = 0; k < order; k++) keys[k] = k == 0 ? "0" : $"{keys[k - 1]},{k}";
        return keys;
    }
}
