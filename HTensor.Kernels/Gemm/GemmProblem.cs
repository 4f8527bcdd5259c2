namespace HTensor.Kernels;

/// <summary>A validated product C [M, N] (+)= A [M, K] B [K, N].</summary>
internal struct GemmProblem<T>
    where T : unmanaged
{
    public int M;
    public int N;
    public int K;
    public Accumulation Accumulation;
    public MatrixView<T> A;
    public MatrixView<T> B;
    public MatrixView<T> C;

    /// <summary>C^T = B^T A^T: the same element sums in the same order.</summary>
    public readonly GemmProblem<T> Swapped => new()
    {
        M = N,
        N = M,
        K = K,
        Accumulation = Accumulation,
        A = B.Transposed,
        B = A.Transposed,
        C = C.Transposed,
    };
}
