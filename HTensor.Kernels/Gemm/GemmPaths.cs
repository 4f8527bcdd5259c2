using System.Numerics;

namespace HTensor.Kernels;

/// <summary>Chooses the way of a product: by shape and layout where that decides the order of a sum, by the hardware where it does not.</summary>
internal static unsafe class GemmPaths
{
    public static void Run<T>(ref GemmProblem<T> problem, ThreadTeam team)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        if (problem.M == 0 || problem.N == 0) return;
        if (problem.K == 0)
        {
            if (problem.Accumulation == Accumulation.Overwrite) Clear(problem);
            return;
        }

        // Registers lie along C's columns.
        if (problem.C.UnitRows && (problem.N == 1 || !problem.C.UnitColumns)) problem = problem.Swapped;
        if ((problem.M == 1 || problem.N == 1) && RunVector(problem, team)) return;
        RunNarrow(ref problem, team);
        if (problem.M > 0) RunWidest(problem, team);
    }

    private static void RunNarrow<T>(ref GemmProblem<T> problem, ThreadTeam team)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        if (SimdWidth.Bits == 512 && NarrowRun<Simd512<T>, T>.Fits(problem)) NarrowRun<Simd512<T>, T>.Run(ref problem, team);
        else if (SimdWidth.Bits == 256 && NarrowRun<Simd256<T>, T>.Fits(problem)) NarrowRun<Simd256<T>, T>.Run(ref problem, team);
        else if (SimdWidth.Bits == 128 && NarrowRun<Simd128<T>, T>.Fits(problem)) NarrowRun<Simd128<T>, T>.Run(ref problem, team);
    }

    private static bool RunVector<T>(in GemmProblem<T> problem, ThreadTeam team)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        if (MatrixVector.Fits(problem)) MatrixVector.Run(problem, team);
        else if (problem.M == 1 && MatrixVector.Fits(problem.Swapped)) MatrixVector.Run(problem.Swapped, team);
        else if (problem.M == 1 && problem.B.UnitColumns) RunRow(problem, team);
        else return false;
        return true;
    }

    private static void RunRow<T>(in GemmProblem<T> problem, ThreadTeam team)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        switch (SimdWidth.Bits)
        {
            case 512: RowMatrix<Simd512<T>, T>.Run(problem, team); break;
            case 256: RowMatrix<Simd256<T>, T>.Run(problem, team); break;
            case 128: RowMatrix<Simd128<T>, T>.Run(problem, team); break;
            default: RowMatrix<SimdScalar<T>, T>.Run(problem, team); break;
        }
    }

    private static void RunWidest<T>(in GemmProblem<T> problem, ThreadTeam team)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        // A row of C that half a register holds needs no wider one; two registers of 256 bits share a broadcast that one of 512 has to itself.
        var bits = int.Min(SimdWidth.Bits, problem.N * sizeof(T) <= 16 ? 128 : problem.N * sizeof(T) < 64 ? 256 : 512);
        switch (bits)
        {
            case 512: GemmRun<Simd512<T>, T>.Run(problem, team); break;
            case 256: GemmRun<Simd256<T>, T>.Run(problem, team); break;
            case 128: GemmRun<Simd128<T>, T>.Run(problem, team); break;
            default: GemmRun<SimdScalar<T>, T>.Run(problem, team); break;
        }
    }

    private static void Clear<T>(in GemmProblem<T> problem)
        where T : unmanaged
    {
        for (var i = 0; i < problem.M; i++)
        {
            for (var j = 0; j < problem.N; j++) problem.C.Data[problem.C.Row(i) + problem.C.Column(j)] = default;
        }
    }
}
