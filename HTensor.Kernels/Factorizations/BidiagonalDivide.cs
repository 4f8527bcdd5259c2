using System.Numerics;

namespace HTensor.Kernels;

/// <summary>
/// Singular values and vectors of an upper bidiagonal matrix by divide and conquer (Gu and Eisenstat 1995). A node of n rows has n + 1 columns; the
/// whole matrix gets a column of zeros, so that all nodes are alike.
/// </summary>
internal unsafe ref struct BidiagonalDivide<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>Rows that the QR iteration solves as fast.</summary>
    private const int Leaf = 32;

    private double* _d;
    private double* _e;
    private T* _u;
    private T* _v;
    private nint _stride;
    private RotationBatch<T> _left;
    private RotationBatch<T> _right;
    private double _tolerance;
    private ThreadTeam _team;

    /// <summary>Elements between rows of vectors.</summary>
    public static nint Stride(int n) => BlockedQr<T>.Stride(n + 1);

    /// <summary>
    /// d [n], e [n], e[n - 1] = 0; d becomes the values, not negative, not ordered. Rows of u [n] and v [n + 1] become the vectors; they need not be
    /// set before. u may be null.
    /// </summary>
    public static FactorizationStatus Run(int n, double* d, double* e, T* u, T* v, RotationBatch<T> left, RotationBatch<T> right, ThreadTeam team)
    {
        var divide = new BidiagonalDivide<T> { _d = d, _e = e, _u = u, _v = v, _stride = Stride(n), _left = left, _right = right, _tolerance = DivideStep<T>.ToleranceOf(n, d, e), _team = team };
        if (u != null) FactorScratch.Clear(u, n * divide._stride);
        FactorScratch.Clear(v, (n + 1) * divide._stride);
        return divide.Node(0, n);
    }

    private readonly FactorizationStatus Node(int first, int n)
    {
        if (n <= Leaf) return Solve(first, n);
        var half = n / 2;
        var status = Node(first, half);
        if (status == FactorizationStatus.Converged) status = Node(first + half + 1, n - half - 1);
        if (status == FactorizationStatus.Converged) Join(first, n, half);
        return status;
    }

    private readonly FactorizationStatus Solve(int first, int n)
    {
        var scratch = FactorScratch.OfThread;
        using var scope = scratch.Open();
        double* d = _d + first, e = _e + first;
        for (var i = 0; i < n; i++) At(_u, first + i, first + i, T.One);
        for (var i = 0; i <= n; i++) At(_v, first + i, first + i, T.One);

        // The column beyond the square is rotated into the others, from the last up.
        var extra = e[n - 1];
        for (var i = n - 1; i >= 0 && extra != 0; i--)
        {
            var rotation = new Rotation(d[i], extra);
            d[i] = rotation.R;
            extra = 0;
            if (i > 0)
            {
                extra = -rotation.S * e[i - 1];
                e[i - 1] *= rotation.C;
            }

            DivideStep<T>.Rotate(_v + (first + i) * _stride + first, _v + (first + n) * _stride + first, n + 1, rotation.C, rotation.S);
        }

        Start(_left, _u, first, n, scratch);
        Start(_right, _v, first, n, scratch);
        var status = BidiagonalQr<T>.Run(n, d, e, _left, _right);
        for (var i = 0; i < n; i++)
        {
            if (!(d[i] < 0)) continue;
            d[i] = -d[i];
            var row = _v + (first + i) * _stride;
            for (var j = first; j <= first + n; j++) row[j] = -row[j];
        }

        return status;
    }

    private readonly void At(T* vectors, nint row, nint column, T value)
    {
        if (vectors != null) vectors[row * _stride + column] = value;
    }

    // Whole registers: beside the leaf's columns its rows have zeros.
    private readonly void Start(RotationBatch<T> batch, T* vectors, int first, int n, FactorScratch scratch)
    {
        var from = first / 16 * 16;
        var columns = (first + n + 1 + 15) / 16 * 16 - from;
        batch.Start(n, columns, vectors == null ? null : vectors + first * _stride + from, _stride, vectors == null ? null : scratch.Take<T>(RotationBatch<T>.ScratchLength(n)));
    }

    private readonly void Join(int first, int n, int half)
    {
        var scratch = FactorScratch.OfThread;
        using var scope = scratch.Open();
        var (middle, alpha, beta) = (first + half, _d[first + half], _e[first + half]);
        var z = scratch.Take<double>(n);

        // Both halves have a vector without a value; a rotation makes one that the middle row meets and one that none does.
        T* q = _v + middle * _stride, none = _v + (first + n) * _stride;
        var rotation = new Rotation(alpha * double.CreateTruncating(q[middle]), beta * double.CreateTruncating(none[middle + 1]));
        DivideStep<T>.Rotate(q + first, none + first, n + 1, rotation.C, rotation.S);
        for (nint i = 0; i < n; i++)
        {
            var row = _v + (first + i) * _stride + middle;
            z[i] = i < half ? alpha * double.CreateTruncating(row[0]) : beta * double.CreateTruncating(row[1]);
        }

        z[half] = rotation.R;
        _d[middle] = 0;
        At(_u, middle, middle, T.One);
        new DivideStep<T>
        {
            Poles = Poles.Squares,
            Count = n,
            D = _d + first,
            Z = z,
            Rho = 1,
            Tolerance = _tolerance,
            Fixed = half,
            FirstHalf = half,
            FirstColumns = half + 1,
            SecondColumns = n - half,
            U = _u == null ? null : _u + first * _stride + first,
            V = _v + first * _stride + first,
            Stride = _stride,
        }.Run(_team);
    }
}
