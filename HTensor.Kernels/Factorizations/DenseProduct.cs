using System.Numerics;
using System.Runtime.CompilerServices;

namespace HTensor.Kernels;

/// <summary>C [m, n] (+)= A [m, k] B [k, n] between views of scratch memory, with the bits of <see cref="Gemm"/>.</summary>
internal static unsafe class DenseProduct
{
    public static void Run<T>(int m, int n, int k, in MatrixView<T> a, in MatrixView<T> b, in MatrixView<T> c, Accumulation accumulation, ThreadTeam team)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        Unsafe.SkipInit(out GemmProblem<T> problem);
        (problem.M, problem.N, problem.K, problem.Accumulation) = (m, n, k, accumulation);
        (problem.A, problem.B, problem.C) = (a, b, c);
        GemmPaths.Run(ref problem, team);
    }

    public static MatrixView<T> RowMajor<T>(T* data, nint rowStride)
        where T : unmanaged => new() { Data = data, RowStride = rowStride, ColumnStride = 1 };

    public static MatrixView<T> At<T>(this in MatrixView<T> view, nint row, nint column)
        where T : unmanaged
    {
        var at = view;
        if (at.RowTable == null) at.Data += row * at.RowStride;
        else at.RowTable += row;
        if (at.ColumnTable == null) at.Data += column * at.ColumnStride;
        else at.ColumnTable += column;
        return at;
    }
}
