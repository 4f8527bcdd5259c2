namespace HTensor.Core;

/// <summary>Where in which file something was read, so that every refusal names it, in one line.</summary>
internal readonly record struct DataPlace(string File, string? Key = null)
{
    private const int LongestKey = 100;
    private const int LongestProblem = 800;

    /// <summary>"file: key 'k': what: expected ..., found ...".</summary>
    public InvalidDataException Unexpected(string what, string expected, string found) =>
        Wrong($"{what}: expected {expected}, found {found}");

    public InvalidDataException Wrong(string problem, Exception? cause = null)
    {
        var line = OneLine(problem, LongestProblem);
        return new(Key is null ? $"{File}: {line}" : $"{File}: key '{OneLine(Key, LongestKey)}': {line}", cause);
    }

    /// <summary>What a check of values refused is a fault of the file that they came from; the name of the check's parameter is not the reader's.</summary>
    public InvalidDataException Wrong(Exception cause)
    {
        var parameter = cause is ArgumentException { ParamName: { } name } ? $" (Parameter '{name}')" : "";
        return Wrong(parameter.Length > 0 ? cause.Message.Replace(parameter, "", StringComparison.Ordinal) : cause.Message, cause);
    }

    /// <summary>Names come out of the file: they may hold line breaks, or fill megabytes.</summary>
    private static string OneLine(string text, int longest)
    {
        var characters = text.AsSpan(0, Math.Min(text.Length, longest)).ToArray();
        for (var i = 0; i < characters.Length; i++)
            if (char.IsControl(characters[i])) characters[i] = '?';
        return text.Length > longest ? $"{new string(characters)}..." : new string(characters);
    }
}
