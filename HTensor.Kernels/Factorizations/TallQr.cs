using System.Numerics;

namespace HTensor.Kernels;

/// <summary>QR of any shape: whole in scratch, or, where R alone of a tall matrix is asked for, slab by slab.</summary>
internal static unsafe class TallQr<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>From this many times as many rows as columns on, slabs cost little more operations than the whole.</summary>
    private const int TallFactor = 4;

    public static void Run(int rows, int columns, in MatrixView<T> a, in MatrixView<T> q, in MatrixView<T> r, ThreadTeam team)
    {
        if (columns == 0) return;
        if (q.Data != null || rows / TallFactor < columns || rows <= SlabTriangle<T>.RowsOfSlab(columns))
        {
            BlockedQr<T>.Run(rows, columns, a, q, r, team);
            return;
        }

        var scratch = FactorScratch.OfThread;
        using var scope = scratch.Open();
        var triangle = new SlabTriangle<T>(columns, scratch.Take<T>(SlabTriangle<T>.Length(columns)));
        triangle.Add(rows, a, team);
        triangle.Write(r);
    }
}
