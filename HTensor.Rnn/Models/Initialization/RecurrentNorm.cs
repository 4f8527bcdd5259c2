using System.Numerics;
using HTensor.Autodiff;
using HTensor.Kernels;

namespace HTensor.Rnn;

/// <summary>
/// How a recurrent matrix in cores is to be scaled: to the largest singular value of one whose gates' blocks are orthogonal, the root of the number of gates.
/// Cores of the same mean square would have one that is many times larger, and states that only saturate.
/// </summary>
internal static class RecurrentNorm
{
    private const int Iterations = 50;

    public static double Scale<T>(LayerLayout layer, ParameterSet<T> parameters)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var tape = new Tape<T>(parameters, TapePurpose.Inference);
        var matrix = CoreVariables.Recurrent(tape, layer);
        tape.Forward(ThreadTeam.Inline);
        double[] values = [.. matrix.Value.ToArray().Select(double.CreateChecked)];
        return double.Sqrt(layer.Gates) / LargestSingularValue(values, layer.Hidden, layer.Gates * layer.Hidden);
    }

    /// <summary>By the power method on A A^T, from a vector of ones.</summary>
    private static double LargestSingularValue(double[] matrix, int rows, int columns)
    {
        var a = new MatrixOperand<double>(matrix, columns, 1);
        var (left, right) = (new double[rows], new double[columns]);
        Array.Fill(left, 1.0);
        var norm = 1.0;
        for (var i = 0; i < Iterations; i++)
        {
            Gemm.Multiply(columns, 1, rows, a.Transposed, new MatrixOperand<double>(left, 1, 1), right, 1, 1, Accumulation.Overwrite, ThreadTeam.Inline);
            Gemm.Multiply(rows, 1, columns, a, new MatrixOperand<double>(right, 1, 1), left, 1, 1, Accumulation.Overwrite, ThreadTeam.Inline);
            norm = 0;
            foreach (var value in left) norm += value * value;
            norm = double.Sqrt(norm);
            for (var row = 0; row < rows; row++) left[row] /= norm;
        }

        return double.Sqrt(norm);
    }
}
