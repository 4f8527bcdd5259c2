namespace HTensor.Cli;

/// <summary>What <c>compare</c> was asked for.</summary>
/// <param name="Runs">Run folders, two or more.</param>
/// <param name="Out">The page to write.</param>
internal sealed record CompareRequest(IReadOnlyList<string> Runs, string Out);
