using System.Numerics;

namespace HTensor.Kernels;

/// <summary>Products with I - V T V^T, V [rows, count] of contiguous rows <see cref="ReflectorPanel.Width"/> apart, T upper triangular.</summary>
internal static unsafe class BlockReflector
{
    private const int Width = ReflectorPanel.Width;

    /// <summary>Elements of scratch that a product needs for a C of this many columns.</summary>
    public static nint ScratchLength(nint columns) => 2 * Width * columns;

    /// <summary>C = (I - V T V^T) C.</summary>
    public static void Apply<T>(int rows, int count, T* v, T* t, in MatrixView<T> c, int columns, T* scratch, ThreadTeam team)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
        Apply(rows, rows, count, DenseProduct.RowMajor(v, Width), DenseProduct.RowMajor(t, Width), c, columns, scratch, team);

    /// <summary>The same of a C whose rows from <paramref name="count"/> on are taken for zeros, whatever they hold.</summary>
    public static void ApplyToTop<T>(int rows, int count, T* v, T* t, in MatrixView<T> c, int columns, T* scratch, ThreadTeam team)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
        Apply(rows, count, count, DenseProduct.RowMajor(v, Width), DenseProduct.RowMajor(t, Width), c, columns, scratch, team);

    /// <summary>C = (I - V T^T V^T) C.</summary>
    public static void ApplyTransposed<T>(int rows, int count, T* v, T* t, in MatrixView<T> c, int columns, T* scratch, ThreadTeam team)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
        Apply(rows, rows, count, DenseProduct.RowMajor(v, Width), DenseProduct.RowMajor(t, Width).Transposed, c, columns, scratch, team);

    /// <summary>T of given V (Schreiber and Van Loan): T[0..j, j] = -tau_j T V^T v_j. <paramref name="gram"/> is scratch [Width, Width].</summary>
    public static void Triangle<T>(int rows, int count, T* v, T* tau, T* t, T* gram, ThreadTeam team)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var view = DenseProduct.RowMajor(v, Width);
        DenseProduct.Run(count, count, rows, view.Transposed, view, DenseProduct.RowMajor(gram, Width), Accumulation.Overwrite, team);
        new Span<T>(t, Width * Width).Clear();
        for (var j = 0; j < count; j++)
        {
            for (var k = 0; k < j; k++)
            {
                var sum = T.Zero;
                for (var l = k; l < j; l++) sum = T.FusedMultiplyAdd(t[k * Width + l], gram[l * Width + j], sum);
                t[k * Width + j] = -tau[j] * sum;
            }

            t[j * Width + j] = tau[j];
        }
    }

    /// <summary>The panel of the reflectors that stand below the diagonal of a view [rows, count]: units on it, zeros above it.</summary>
    public static void Load<T>(int rows, int count, in MatrixView<T> reflectors, T* panel)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        MatrixLoad.Run(reflectors, rows, count, panel, Width, Width);
        for (var i = 0; i < int.Min(rows, count); i++)
        {
            panel[i * Width + i] = T.One;
            for (var c = i + 1; c < count; c++) panel[i * Width + c] = T.Zero;
        }
    }

    /// <summary>C [rows, columns] = H_0 H_1 ... C for <paramref name="count"/> reflectors below the diagonal of a view [rows, count].</summary>
    public static void ApplyAll<T>(int rows, int count, in MatrixView<T> reflectors, T* tau, in MatrixView<T> c, int columns, ThreadTeam team)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        if (count <= 0) return;
        var scratch = FactorScratch.OfThread;
        using var scope = scratch.Open();
        var panel = scratch.Take<T>((nint)rows * Width);
        var t = scratch.Take<T>(Width * Width);
        var gram = scratch.Take<T>(Width * Width);
        var z = scratch.Take<T>(ScratchLength(columns));
        for (var j = (count - 1) / Width * Width; j >= 0; j -= Width)
        {
            var size = int.Min(Width, count - j);
            Load(rows - j, size, reflectors.At(j, j), panel);
            Triangle(rows - j, size, panel, tau + j, t, gram, team);
            Apply(rows - j, size, panel, t, c.At(j, 0), columns, z, team);
        }
    }

    /// <summary>C = (I - V T V^T) C of a C whose rows from <paramref name="full"/> on are taken for zeros, whatever they hold.</summary>
    public static void Apply<T>(int rows, int full, int count, in MatrixView<T> v, in MatrixView<T> t, in MatrixView<T> c, int columns, T* scratch, ThreadTeam team)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        if (columns == 0 || count == 0) return;
        var z = DenseProduct.RowMajor(scratch, columns);
        var w = DenseProduct.RowMajor(scratch + (nint)Width * columns, columns);
        DenseProduct.Run(count, columns, full, v.Transposed, c, z, Accumulation.Overwrite, team);
        for (nint i = 0; i < (nint)count * columns; i++) z.Data[i] = -z.Data[i];
        DenseProduct.Run(count, columns, count, t, z, w, Accumulation.Overwrite, team);
        DenseProduct.Run(full, columns, count, v, w, c, Accumulation.Add, team);
        DenseProduct.Run(rows - full, columns, count, v.At(full, 0), w, c.At(full, 0), Accumulation.Overwrite, team);
    }
}
