namespace HTensor.Core;

/// <summary>
/// Where a contraction over samples in lanes reads its data. A unit is one block of sixteen samples at one step; its features stand
/// row-major in the order of the input modes.
/// </summary>
public interface ILaneInput<T>
{
    /// <summary>Whether any sample of the unit is there; the others are neither read nor written.</summary>
    bool IsActive(int unit);

    /// <summary>Writes features [first, first + count) of a unit as blocks [count][16].</summary>
    void Read(int unit, int first, int count, Span<T> destination);
}
