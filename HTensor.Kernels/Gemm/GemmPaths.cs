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
        if (MatrixVector.Fits(problem)) MatrixVector.Run(problem, team);
        else if (MatrixVector.Fits(problem.Swapped)) MatrixVector.Run(problem.Swapped, team);
        else RunWidest(problem, team);
    }

    private static void RunWidest<T>(in GemmProblem<T> problem, ThreadTeam team)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        // A row of C that half a register holds needs no wider one.
        var bits = int.Min(SimdWidth.Bits, problem.N * sizeof(T) <= 16 ? 128 : problem.N * sizeof(T) <= 32 ? 256 : 512);
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
