namespace HTensor.Core;

/// <summary>One tensor of a network: its name and the labels of its modes, row-major, last mode fastest.</summary>
public sealed record NetworkOperand(string Name, IReadOnlyList<string> Modes);
