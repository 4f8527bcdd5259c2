namespace HTensor.Kernels;

/// <summary>
/// Work cut into numbered pieces by the size of the problem. Pieces must be independent, so that the result has the same bits
/// whichever thread runs which piece.
/// </summary>
public interface IParallelBody
{
    /// <summary>Runs piece <paramref name="index"/>. <paramref name="worker"/> in [0, team size) names the scratch that this thread may use.</summary>
    void Run(int index, int worker);
}
