using HTensor.Kernels;

namespace HTensor.Bench;

/// <summary>What each setting may be: options of <c>htensor train</c>, an empty value leaves the option out. Candidate i is the same in every row that has the space.</summary>
internal sealed record SearchSpace(IReadOnlyList<(string Option, string[] Values)> Settings)
{
    private const ulong Stream = 0x534541524348;

    /// <summary>Settings in words, drawn uniformly; the options stand in the space's order.</summary>
    public string Candidate(int index)
    {
        var random = new Philox((ulong)index, Stream);
        return string.Join(' ', Settings
            .Select(setting => (setting.Option, Value: setting.Values[random.NextInt32(setting.Values.Length)]))
            .Where(setting => setting.Value.Length > 0)
            .Select(setting => $"{setting.Option} {setting.Value}"));
    }

    /// <summary>The same space with other values of one option.</summary>
    public SearchSpace With(string option, params string[] values) => new([.. Settings.Select(setting => setting.Option == option ? (option, values) : setting)]);
}
