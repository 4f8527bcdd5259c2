using System.Numerics;

namespace HTensor.Kernels;

/// <summary>Eigenvalues and vectors of a symmetric tridiagonal matrix by divide and conquer (Cuppen 1981, Gu and Eisenstat 1995), its leaves by the QR iteration.</summary>
internal unsafe ref struct TridiagonalDivide<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>Rows that the QR iteration solves as fast.</summary>
    private const int Leaf = 32;

    private double* _d;
    private double* _e;
    private T* _v;
    private nint _stride;
    private RotationBatch<T> _batch;
    private double _tolerance;
    private ThreadTeam _team;

    /// <summary>Elements between rows of vectors.</summary>
    public static nint Stride(int n) => BlockedQr<T>.Stride(n);

    /// <summary>d [n] becomes the values, not ordered; e [n - 1] is lost. Rows of v [n] become the vectors; without it the iteration alone runs.</summary>
    public static FactorizationStatus Run(int n, double* d, double* e, T* v, RotationBatch<T> batch, ThreadTeam team)
    {
        if (v == null)
        {
            batch.Start(n, 0, null, 0, null);
            return TridiagonalQr<T>.Run(n, d, e, batch);
        }

        FactorScratch.Clear(v, n * Stride(n));
        return new TridiagonalDivide<T> { _d = d, _e = e, _v = v, _stride = Stride(n), _batch = batch, _tolerance = DivideStep<T>.ToleranceOf(n, d, e), _team = team }.Node(0, n);
    }

    private readonly FactorizationStatus Node(int first, int n)
    {
        if (n <= Leaf) return Solve(first, n);

        // T = [T1 0; 0 T2] + |rho| (e_last, sign e_first) (e_last, sign e_first)^T
        var half = n / 2;
        var middle = first + half;
        var rho = _e[middle - 1];
        _d[middle - 1] -= double.Abs(rho);
        _d[middle] -= double.Abs(rho);
        var status = Node(first, half);
        if (status == FactorizationStatus.Converged) status = Node(middle, n - half);
        if (status == FactorizationStatus.Converged) Join(first, n, half, rho);
        return status;
    }

    private readonly FactorizationStatus Solve(int first, int n)
    {
        var scratch = FactorScratch.OfThread;
        using var scope = scratch.Open();
        for (var i = first; i < first + n; i++) _v[i * _stride + i] = T.One;

        // Whole registers: beside the leaf's columns its rows have zeros.
        var from = first / 16 * 16;
        _batch.Start(n, (first + n + 15) / 16 * 16 - from, _v + first * _stride + from, _stride, scratch.Take<T>(RotationBatch<T>.ScratchLength(n)));
        return TridiagonalQr<T>.Run(n, _d + first, _e + first, _batch);
    }

    private readonly void Join(int first, int n, int half, double rho)
    {
        var scratch = FactorScratch.OfThread;
        using var scope = scratch.Open();
        var z = scratch.Take<double>(n);
        for (nint i = 0; i < n; i++)
        {
            var row = _v + (first + i) * _stride + first + half;
            z[i] = i < half ? double.CreateTruncating(row[-1]) : double.CopySign(1, rho) * double.CreateTruncating(row[0]);
        }

        new DivideStep<T>
        {
            Poles = Poles.Values,
            Count = n,
            D = _d + first,
            Z = z,
            Rho = double.Abs(rho),
            Tolerance = _tolerance,
            Fixed = -1,
            FirstHalf = half,
            FirstColumns = half,
            SecondColumns = n - half,
            U = null,
            V = _v + first * _stride + first,
            Stride = _stride,
        }.Run(_team);
    }
}
