using HTensor.Kernels;

namespace HTensor.Bench;

/// <summary>What each setting may be: options of <c>htensor train</c>, an empty value leaves the option out. Candidate i is the same in every row that has the space.</summary>
internal sealed record SearchSpace(IReadOnlyList<(string Option, string[] Values)> Settings)
{
    private const ulong Stream = 0x534541524348;

    /// <summary>Values of the first option past its list, the least first: tried for whoever chose the list's last one.</summary>
    public IReadOnlyList<string> Beyond { get; init; } = [];

    /// <summary>Candidates are every combination in turn, the first option's values fastest; false: drawn uniformly.</summary>
    private bool IsEvery { get; init; }

    /// <summary>Number of combinations.</summary>
    public int Count => Settings.Aggregate(1, (count, setting) => count * setting.Values.Length);

    /// <summary>A space whose candidates are all of its combinations.</summary>
    public static SearchSpace Every(IReadOnlyList<(string Option, string[] Values)> settings) => new(settings) { IsEvery = true };

    /// <summary>Settings in words; the options stand in the space's order.</summary>
    public string Candidate(int index)
    {
        var random = new Philox((ulong)index, Stream);
        var left = index;
        return string.Join(' ', Settings
            .Select(setting => (setting.Option, Value: setting.Values[IsEvery ? Next(setting.Values.Length) : random.NextInt32(setting.Values.Length)]))
            .Where(setting => setting.Value.Length > 0)
            .Select(setting => $"{setting.Option} {setting.Value}"));

        int Next(int values)
        {
            var value = left % values;
            left /= values;
            return value;
        }
    }

    /// <summary>What follows the settings at the end of the first option's list; nothing where they are not there.</summary>
    public IEnumerable<string> After(string settings)
    {
        var last = $"{Settings[0].Option} {Settings[0].Values[^1]} ";
        return settings.StartsWith(last, StringComparison.Ordinal) ? Beyond.Select(value => $"{Settings[0].Option} {value} {settings[last.Length..]}") : [];
    }

    /// <summary>The same space with other values of one option.</summary>
    public SearchSpace With(string option, params string[] values) => this with { Settings = [.. Settings.Select(setting => setting.Option == option ? (option, values) : setting)] };
}
