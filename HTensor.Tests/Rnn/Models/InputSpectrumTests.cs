using HTensor.Core;
using HTensor.Kernels;
using HTensor.Rnn;
using MathNet.Numerics.LinearAlgebra;

namespace HTensor.Tests.Rnn;

/// <summary>Singular values from the cores against MathNet's of the unfolded matrix itself.</summary>
public sealed class InputSpectrumTests
{
    private static readonly int[] Inputs = [3, 2, 4, 2], Outputs = [2, 3, 2, 2];

    public static TheoryData<string, int> Cases => new() { { "ht", 6 }, { "ht linear", 6 }, { "tt", 3 }, { "tucker", 8 }, { "tr", 0 }, { "bt", 0 }, { "cp", 0 }, { "dense", 0 } };

    [Theory]
    [MemberData(nameof(Cases))]
    public void They_are_those_of_the_unfolding(string format, int count)
    {
        var model = SequenceClassifier.Create(new ModelOptions
        {
            InputModes = Inputs,
            HiddenModes = Outputs,
            Cell = CellKind.Rnn,
            InputWeights = format switch
            {
                "ht" => WeightFormat.HierarchicalTucker(3, 4),
                "ht linear" => WeightFormat.HierarchicalTucker(3, 2, "linear"),
                "tt" => WeightFormat.TensorTrain(4),
                "tr" => WeightFormat.TensorRing(3, 2),
                "bt" => WeightFormat.BlockTerm(2, 2),
                "cp" => WeightFormat.CanonicalPolyadic(5),
                "tucker" => WeightFormat.Tucker(2),
                _ => WeightFormat.Dense,
            },
            Classes = ["a", "b"],
        }, seed: 6);
        var spectra = InputSpectrum.Of(model);
        Assert.Equal(count, spectra.Count);
        if (count == 0 || format == "tucker") return;
        var network = model.Layout.Input.Network;
        var executor = new ContractionExecutor<double>(ContractionPlanner.Plan(network.Matrix, PlanObjective.MultiplyAdds));
        for (var core = 0; core < network.Cores.Count; core++)
            executor.Bind(core, model.Parameters[$"input.{network.Cores[core].Name}"].Values.ToArray().Select(value => (double)value).ToArray(), default);
        executor.Forward(ThreadTeam.Inline);
        var w = executor.Value(executor.ResultNode).ToArray();
        foreach (var spectrum in spectra)
        {
            var expected = Unfolded(w, spectrum.Modes).Svd(computeVectors: false).S.ToArray();
            for (var i = 0; i < spectrum.Values.Count; i++) Assert.Equal(i < expected.Length ? expected[i] : 0, spectrum.Values[i], 1e-6 * expected[0]);
            if (expected.Length > spectrum.Values.Count) Assert.InRange(expected[spectrum.Values.Count], 0, 1e-5 * expected[0]);
        }
    }

    /// <summary>[modes inside, modes outside] of W [n0 .. n3, m0 .. m3].</summary>
    private static Matrix<double> Unfolded(double[] w, IReadOnlyList<int> modes)
    {
        int[] sizes = [.. Inputs, .. Outputs];
        var (rows, columns) = (1, 1);
        for (var k = 0; k < 8; k++)
        {
            if (modes.Contains(k % 4)) rows *= sizes[k];
            else columns *= sizes[k];
        }

        var matrix = Matrix<double>.Build.Dense(rows, columns);
        for (var i = 0; i < w.Length; i++)
        {
            var (rest, row, column, rowStride, columnStride) = (i, 0, 0, 1, 1);
            for (var k = 7; k >= 0; k--)
            {
                var index = rest % sizes[k];
                rest /= sizes[k];
                if (modes.Contains(k % 4)) (row, rowStride) = (row + index * rowStride, rowStride * sizes[k]);
                else (column, columnStride) = (column + index * columnStride, columnStride * sizes[k]);
            }

            matrix[row, column] = w[i];
        }

        return matrix;
    }
}
