namespace HTensor.Core;

/// <summary>
/// One pairwise product of a plan. Nodes are numbered: operands first, then the result of each step in order.
/// </summary>
/// <param name="Left">Node on the left.</param>
/// <param name="Right">Node on the right.</param>
/// <param name="Modes">Mode ids that the result keeps: those of left, then those of right alone.</param>
/// <param name="MultiplyAdds">Product of the sizes of all modes that take part.</param>
/// <param name="ResultElements">Elements of the result.</param>
public sealed record ContractionStep(int Left, int Right, IReadOnlyList<int> Modes, double MultiplyAdds, double ResultElements);
