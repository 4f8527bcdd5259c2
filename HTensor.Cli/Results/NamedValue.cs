namespace HTensor.Cli;

/// <summary>A setting or a figure as people read it.</summary>
internal sealed record NamedValue(string Name, string Value);
