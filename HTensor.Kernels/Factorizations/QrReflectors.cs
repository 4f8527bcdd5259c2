using System.Numerics;

namespace HTensor.Kernels;

/// <summary>
/// A [rows, columns] = Q R with Q kept as the reflectors that make it: a product with Q costs as much as with a matrix, and Q itself, as costly as R, is
/// never formed. Q and R are those of <see cref="Qr"/> to rounding.
/// </summary>
public static unsafe class QrReflectors
{
    private const int Width = ReflectorPanel.Width;

    /// <summary>Numbers that hold Q.</summary>
    public static int Length(int rows, int columns)
    {
        var length = (long)int.Min(rows, columns);
        for (int j = 0, k = (int)length; j < k; j += Width) length += (long)(rows - j + int.Min(Width, k - j)) * int.Min(Width, k - j);
        return checked((int)length);
    }

    /// <summary>Writes Q into <paramref name="q"/>, of <see cref="Length"/> numbers, and R [k, columns], k = min(rows, columns), into <paramref name="r"/>. Some 2 rows columns^2 operations.</summary>
    /// <exception cref="ArgumentException">A is too short for its offsets, an output has another length than its shape, or memory overlaps.</exception>
    /// <exception cref="ArgumentOutOfRangeException">A size is negative.</exception>
    public static void Factor<T>(int rows, int columns, MatrixOperand<T> a, Span<T> q, Span<T> r, ThreadTeam team)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        ElementType.Validate<T>();
        ArgumentNullException.ThrowIfNull(team);
        FactorGuard.Operand(rows, columns, a);
        FactorGuard.Output<T>(nameof(q), 1, Length(rows, columns), q, a);
        FactorGuard.Output<T>(nameof(r), int.Min(rows, columns), columns, r, a);
        FactorGuard.Apart<T>(nameof(q), q, nameof(r), r);
        if (rows == 0 || columns == 0) return;
        fixed (T* pa = a.Data, pq = q, pr = r)
        fixed (int* rowTable = a.RowOffsets, columnTable = a.ColumnOffsets)
            BlockedQr<T>.Run(rows, columns, MatrixViews.Of(rows, columns, a, pa, rowTable, columnTable), pq, DenseProduct.RowMajor(pr, columns), team);
    }

    /// <summary>result [rows, n] = Q c, c [k, n] row-major. Some 2 rows k n operations for k up to 32, up to twice that beyond.</summary>
    /// <exception cref="ArgumentException">A span has another length than its shape, or memory overlaps.</exception>
    /// <exception cref="ArgumentOutOfRangeException">A size is negative.</exception>
    public static void Multiply<T>(int rows, int columns, ReadOnlySpan<T> q, int n, ReadOnlySpan<T> c, Span<T> result, ThreadTeam team)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        ElementType.Validate<T>();
        ArgumentNullException.ThrowIfNull(team);
        var k = int.Min(rows, columns);
        FactorGuard.Operand(k, n, new MatrixOperand<T>(c, n, 1));
        FactorGuard.Output<T>(nameof(result), rows, n, result, new MatrixOperand<T>(c, n, 1));
        FactorGuard.Output(nameof(q), 1, Length(rows, columns), q, new MatrixOperand<T>(result, n, 1));
        if (rows == 0 || n == 0) return;
        fixed (T* pq = q, pc = c, to = result)
            Multiply(rows, k, pq, n, pc, to, team);
    }

    private static void Multiply<T>(int rows, int k, T* q, int n, T* c, T* result, ThreadTeam team)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var signs = q;
        for (nint i = 0; i < k; i++)
        {
            for (nint j = 0; j < n; j++) result[i * n + j] = signs[i] * c[i * n + j];
        }

        var scratch = FactorScratch.OfThread;
        using var scope = scratch.Open();
        var z = scratch.Take<T>(BlockReflector.ScratchLength(n));
        var t = scratch.Take<T>(Width * Width);
        var place = q + Length(rows, k);
        for (var j = (k - 1) / Width * Width; j >= 0; j -= Width)
        {
            int count = int.Min(Width, k - j), height = rows - j;
            place -= (nint)count * count;
            MatrixLoad.Run(DenseProduct.RowMajor(place, count), count, count, t, Width, Width);
            place -= (nint)height * count;
            BlockReflector.Apply(height, j + count == k ? count : height, count, DenseProduct.RowMajor(place, count), DenseProduct.RowMajor(t, Width), DenseProduct.RowMajor(result + (nint)j * n, n), n, z, team);
        }
    }
}
