using HTensor.Core;
using HTensor.Kernels;

namespace HTensor.Tests.Core.Contraction;

/// <summary>What a contraction gives: y [samples, M], the gradient of each core, dx [samples, N].</summary>
internal sealed record LaneResult(double[] Output, double[][] CoreGradients, double[] InputGradient);

/// <summary>Oracles of y = x W and its gradients, in double.</summary>
internal static class LaneReference
{
    public delegate LaneResult Oracle(MatrixNetwork matrix, double[][] cores, double[] x, double[] dy, int samples);

    /// <summary>W term by term from its cores, then three obvious products.</summary>
    public static LaneResult ByEinsum(MatrixNetwork matrix, double[][] cores, double[] x, double[] dy, int samples)
    {
        var (rows, columns) = (matrix.Modes.Rows, matrix.Modes.Columns);
        var w = Einsum.Contract(matrix.Matrix, cores);
        double[] y = new double[samples * columns], dx = new double[samples * rows], dw = new double[rows * columns];
        for (var s = 0; s < samples; s++)
        {
            for (var n = 0; n < rows; n++)
            {
                for (var m = 0; m < columns; m++)
                {
                    y[s * columns + m] += x[s * rows + n] * w[n * columns + m];
                    dx[s * rows + n] += dy[s * columns + m] * w[n * columns + m];
                    dw[n * columns + m] += x[s * rows + n] * dy[s * columns + m];
                }
            }
        }

        return new LaneResult(y, Einsum.Gradients(matrix.Matrix, cores, dw), dx);
    }

    /// <summary>The packed products of <see cref="ContractionExecutor{T}"/> with the samples as one more mode: for layers too large for the other.</summary>
    public static LaneResult ByExecutor(MatrixNetwork matrix, double[][] cores, double[] x, double[] dy, int samples)
    {
        var plan = LaneContraction.Plan(matrix, samples, PlanObjective.MultiplyAdds);
        var executor = new ContractionExecutor<double>(plan);
        var gradients = cores.Select(core => new double[core.Length]).ToArray();
        var dx = new double[x.Length];
        for (var core = 0; core < cores.Length; core++) executor.Bind(core, cores[core], gradients[core]);
        executor.Bind(cores.Length, x, dx);
        executor.Forward(ThreadTeam.Inline);
        dy.CopyTo(executor.Gradient(executor.ResultNode));
        executor.Backward(ThreadTeam.Inline);
        return new LaneResult(executor.Value(executor.ResultNode).ToArray(), gradients, dx);
    }
}
