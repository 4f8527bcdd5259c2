using HTensor.Core;

namespace HTensor.Rnn;

/// <summary>A matrix in a format: cores near it, and how near.</summary>
/// <param name="Format">The format.</param>
/// <param name="Network">Its cores.</param>
/// <param name="Cores">Their values.</param>
/// <param name="SquaredError">In the norm of the problem's target.</param>
internal sealed record MatrixFit(IMatrixFormat Format, MatrixNetwork Network, double[][] Cores, double SquaredError)
{
    /// <summary>Sweeps over each of several starts; the nearest goes on.</summary>
    private const int StartSweeps = 3;

    /// <summary>From truncated singular value decompositions, then least squares, core after core.</summary>
    public static MatrixFit Of(IMatrixFormat format, MatrixProblem problem, int sweeps)
    {
        var network = format.Describe(new MatrixModes([problem.Rows], [problem.Columns]));
        if (Whitened(network, problem) is { } start) return Best(start, Plain(network, problem));
        return Plain(network, problem);

        MatrixFit Best(double[][] first, MatrixFit second)
        {
            var error = new NetworkFit(network, first, problem.Target).Run(sweeps);
            return error <= second.SquaredError ? new MatrixFit(format, network, first, error) : second;
        }

        MatrixFit Plain(MatrixNetwork of, MatrixProblem matrix)
        {
            var values = MatrixProblem.Extended(matrix.Values, matrix.Columns, of.Modes.Rows);
            var starts = NetworkStart.Firsts(of);
            MatrixFit Started(int first) => new MatrixFit(format, of, NetworkStart.Of(of, values, first), 0).Polished(matrix, starts.Count == 1 ? sweeps : Math.Min(sweeps, StartSweeps));
            var best = starts.Select(Started).MinBy(fit => fit.SquaredError)!;
            return starts.Count == 1 ? best : best.Polished(matrix, sweeps - Math.Min(sweeps, StartSweeps));
        }
    }

    /// <summary>More sweeps over the cores.</summary>
    public MatrixFit Polished(MatrixProblem problem, int sweeps) => this with { SquaredError = new NetworkFit(Network, Cores, problem.Target).Run(sweeps) };

    /// <summary>
    /// Where one core holds all input modes, the weighted problem is a plain one: C^(1/2) W is decomposed, and that core multiplied by C^(-1/2). Of a
    /// matrix of low rank that is the best there is.
    /// </summary>
    private static double[][]? Whitened(MatrixNetwork network, MatrixProblem problem)
    {
        if (problem.Root is not { } root || network.Modes.Rows != problem.Rows) return null;
        string[] inputs = [.. network.Modes.Inputs.Select((_, mode) => MatrixNetwork.InputLabel(mode)).Where((_, mode) => network.Modes.Inputs[mode] > 1)];
        var holder = Enumerable.Range(0, network.Cores.Count).FirstOrDefault(core => inputs.All(network.Cores[core].Modes.Contains), -1);
        if (holder < 0) return null;
        var cores = NetworkStart.Of(network, problem.Weighted);
        var tensor = new LabelledTensor(cores[holder], network.Cores[holder].Modes, network.CoreShape(holder));
        int[] rows = tensor.Places(inputs), others = tensor.Places(network.Cores[holder].Modes.Except(inputs));
        var unweighted = new double[cores[holder].Length];
        for (var i = 0; i < rows.Length; i++)
        {
            for (var j = 0; j < rows.Length; j++)
            {
                var factor = root.Inverse[i * rows.Length + j];
                foreach (var other in others) unweighted[rows[i] + other] += factor * cores[holder][rows[j] + other];
            }
        }

        cores[holder] = unweighted;
        return cores;
    }
}
