using System.Numerics;

namespace HTensor.Kernels;

/// <summary>QR of any shape: whole in scratch, or, of a tall matrix, slab by slab.</summary>
internal static unsafe class TallQr<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>From this many times as many rows as columns on, slabs cost little more operations than the whole.</summary>
    private const int TallFactor = 4;

    public static void Run(int rows, int columns, in MatrixView<T> a, in MatrixView<T> q, in MatrixView<T> r, ThreadTeam team)
    {
        if (columns == 0) return;
        if (q.Data != null && SlabQr<T>.Fits(rows, columns))
        {
            WithSlabs(rows, columns, a, q, r, team);
            return;
        }

        if (q.Data != null || rows / TallFactor < columns || rows <= SlabTriangle<T>.RowsOfSlab(columns))
        {
            BlockedQr<T>.Run(rows, columns, a, q, r, team);
            return;
        }

        SlabGroups<T>.Run(rows, columns, a, r, team);
    }

    private static void WithSlabs(int rows, int columns, in MatrixView<T> a, in MatrixView<T> q, in MatrixView<T> r, ThreadTeam team)
    {
        var scratch = FactorScratch.OfThread;
        using var scope = scratch.Open();
        var triangle = scratch.Take<T>((nint)columns * columns);
        var slabs = SlabQr<T>.Forward(rows, columns, a, q, triangle, columns, out var exponent, team);
        var core = scratch.TakeZeros<T>((nint)columns * columns);
        for (nint i = 0; i < columns; i++)
        {
            var sign = triangle[i * columns + i] < T.Zero ? -T.One : T.One;
            core[i * columns + i] = sign;
            for (nint j = 0; j < columns; j++)
            {
                var value = j < i ? T.Zero : sign * triangle[i * columns + j];
                r.Data[r.Row(i) + r.Column(j)] = exponent == 0 || value == T.Zero ? value : T.ScaleB(value, exponent);
            }
        }

        slabs.Back(core, columns, team);
    }
}
