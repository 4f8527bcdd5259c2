namespace HTensor.Onnx;

/// <summary>A value of a graph as modes in the order in which its elements lie, whatever axes they make now.</summary>
/// <param name="Name">The value.</param>
/// <param name="Modes">Mode ids, the last fastest.</param>
/// <param name="Axes">How many of the modes each axis of the value holds, from the first; null: not known, so that a reshape comes first.</param>
internal sealed record ModeValue(string Name, int[] Modes, int[]? Axes);
