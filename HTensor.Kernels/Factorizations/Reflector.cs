using System.Numerics;

namespace HTensor.Kernels;

/// <summary>
/// The Householder reflector H = I - tau v v^T that maps [alpha; x] to [beta; 0], with v = [1; x * Inverse]. beta has the sign that alpha has
/// not, so nothing cancels. Where x is zero, or the whole column so small that its squares lose digits, H is the identity: of a matrix scaled
/// by <see cref="Magnitude"/> such a column is far below epsilon.
/// </summary>
internal readonly struct Reflector<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    public readonly T Tau;
    public readonly T Beta;
    public readonly T Inverse;

    /// <summary>2^-900, 2^-110.</summary>
    private static T Least => typeof(T) == typeof(float) ? T.CreateTruncating(7.7e-34) : T.CreateTruncating(1.2e-271);

    public Reflector(T alpha, T sumOfSquares)
    {
        Beta = alpha;
        var square = T.FusedMultiplyAdd(alpha, alpha, sumOfSquares);
        if (sumOfSquares == T.Zero || square < Least) return;
        Beta = -T.CopySign(T.Sqrt(square), alpha);
        Inverse = T.One / (alpha - Beta);
        Tau = (Beta - alpha) / Beta;
    }
}
