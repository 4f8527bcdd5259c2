using System.Globalization;

namespace HTensor.Bench;

/// <summary><c>peers [--filter WORD] [--threads N] [--json]</c>.</summary>
internal sealed record PeerOptions(string Filter, int Threads, bool Json)
{
    public static bool TryParse(string[] args, out PeerOptions options, out string problem)
    {
        options = new("", 1, false);
        problem = "";
        if (args is not ["peers", ..])
        {
            problem = "expected: peers [--filter WORD] [--threads N] [--json], or: experiments NAME, or: growth FOLDER, or: plans, or: micro [BenchmarkDotNet's options]";
            return false;
        }

        for (var i = 1; i < args.Length; i++)
        {
            var value = i + 1 < args.Length ? args[i + 1] : "";
            switch (args[i])
            {
                case "--json":
                    options = options with { Json = true };
                    break;
                case "--filter" when value.Length > 0:
                    options = options with { Filter = value };
                    i++;
                    break;
                case "--threads" when int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var threads) && threads > 0:
                    options = options with { Threads = threads };
                    i++;
                    break;
                default:
                    problem = $"option {args[i]}: expected --filter WORD, --threads N with N at least 1, or --json";
                    return false;
            }
        }

        return true;
    }
}
