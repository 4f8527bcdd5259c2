namespace HTensor.Kernels;

/// <summary>How an iterative factorization ended.</summary>
public enum FactorizationStatus
{
    /// <summary>The outputs hold the factorization.</summary>
    Converged,

    /// <summary>The iteration did not end within its limit; the outputs hold no factorization.</summary>
    NotConverged,

    /// <summary>The input has a NaN or an infinity; the values are not written, the vectors hold nothing.</summary>
    NonFinite,
}
