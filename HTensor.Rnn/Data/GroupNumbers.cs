namespace HTensor.Rnn;

/// <summary>Groups by name as numbers, in the order in which they come: only which samples share one counts.</summary>
internal static class GroupNumbers
{
    public static int[] Of(IEnumerable<string> names)
    {
        var numbers = new Dictionary<string, int>(StringComparer.Ordinal);
        var groups = new List<int>();
        foreach (var name in names)
        {
            if (!numbers.TryGetValue(name, out var number)) numbers[name] = number = numbers.Count;
            groups.Add(number);
        }

        return [.. groups];
    }
}
