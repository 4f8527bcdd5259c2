using HTensor.Core;
using HTensor.Kernels;
using HTensor.Rnn;

namespace HTensor.Tests.Rnn.Compression;

/// <summary>First cores by truncated singular value decompositions, and least squares, core after core.</summary>
public sealed class NetworkFitTests
{
    public static TheoryData<string> Formats => [.. Cases.Keys];

    /// <summary>Modes 4x6 -> 6x4 of a matrix of 24 rows, or 3x8, padded, of 23.</summary>
    private static Dictionary<string, IMatrixFormat> Cases { get; } = new()
    {
        ["ht"] = Over(WeightFormat.HierarchicalTucker([3, 4, 6, 5, 5, 6], "((0,2),(1,3))", IdentityFrames.Stored), [2, 2, 2, 3], [2, 3, 2, 2]),
        ["ht, identities left out"] = Over(WeightFormat.HierarchicalTucker([4, 3, 5, 6, 5, 5], "((0,2),(1,3))", IdentityFrames.LeftOut), [2, 2, 2, 3], [2, 3, 2, 2]),
        ["tt"] = Over(WeightFormat.TensorTrain(3, 4), [2, 4, 3], [3, 2, 4]),
        ["tr"] = Over(WeightFormat.TensorRing([3, 2, 3, 2]), [4, 6], [6, 4]),
        ["tucker"] = Over(WeightFormat.Tucker(3, 4, 4, 3), [4, 6], [6, 4]),
        ["bt"] = Over(WeightFormat.BlockTerm(2, 2, 2), [4, 6], [6, 4]),
        ["cp"] = Over(WeightFormat.CanonicalPolyadic(3), [4, 6], [6, 4]),
        ["low rank"] = WeightFormat.LowRank(5),
    };

    [Theory]
    [MemberData(nameof(Formats))]
    public void A_matrix_that_has_the_ranks_is_found_again(string format)
    {
        var network = Cases[format].Describe(new MatrixModes([24], [24]));
        foreach (var seed in new ulong[] { 1, 2, 3 })
        {
            var random = new Philox(seed);
            double[][] cores = [.. Enumerable.Range(0, network.Cores.Count).Select(core => Normal(random, (int)network.CoreLength(core)))];
            var problem = new MatrixProblem(new NetworkMatrix(network, cores).Value().ToArray(), 24, 24, 0, null);
            Assert.InRange(Math.Sqrt(MatrixFit.Of(Cases[format], problem, 400).SquaredError / problem.Plain.SquaredNorm), 0, 1e-10);
        }
    }

    [Theory]
    [InlineData("tr", 4)]
    [InlineData("tt", 1)]
    [InlineData("ht", 1)]
    [InlineData("tucker", 1)]
    [InlineData("bt", 1)]
    [InlineData("cp", 1)]
    public void A_loop_begins_at_every_core_and_the_nearest_is_kept(string format, int starts)
    {
        var network = Cases[format].Describe(new MatrixModes([24], [24]));
        var problem = new MatrixProblem(Normal(new Philox(13), 24 * 24), 24, 24, 0, null);
        double[] errors = [.. NetworkStart.Firsts(network).Select(first => new NetworkFit(network, NetworkStart.Of(network, problem.Values, first), problem.Target).Run(3))];
        Assert.Equal(starts, errors.Distinct().Count());
        Assert.Equal(errors.Min(), MatrixFit.Of(Cases[format], problem, 3).SquaredError);
    }

    [Theory]
    [MemberData(nameof(Formats))]
    public void Sweeps_never_raise_the_error(string format)
    {
        foreach (var moments in new[] { null, Moments(24) })
        {
            var network = Cases[format].Describe(new MatrixModes([24], [24]));
            var values = Normal(new Philox(6), 24 * 24);
            var target = new MatrixTarget(values, 24, 24, moments);
            var fit = new NetworkFit(network, NetworkStart.Of(network, values), target);
            var error = fit.SquaredError;
            for (var sweep = 0; sweep < 4; sweep++)
            {
                var next = fit.Run(1);
                Assert.InRange(next, 0, error * (1 + 1e-12));
                error = next;
            }

            Assert.InRange(error, 0, target.SquaredNorm);
        }
    }

    [Fact]
    public void Inner_products_of_the_other_cores_solve_for_a_core()
    {
        foreach (var format in new[] { WeightFormat.CanonicalPolyadic(40), WeightFormat.TensorRing([7, 7, 7, 7]), WeightFormat.TensorRing([3, 2, 3, 2]) })
        {
            var network = Over(format, [4, 6], [6, 24]).Describe(new MatrixModes([24], [144]));
            var random = new Philox(14);
            double[][] cores = [.. Enumerable.Range(0, network.Cores.Count).Select(core => Normal(random, (int)network.CoreLength(core)))];
            for (var core = 0; core < 3; core++)
            {
                var (gram, matrix) = (new BondGram(network, core), new NetworkMatrix(network, cores));
                double[] expected = Normal(random, cores[core].Length), solved = new double[expected.Length], found = new double[expected.Length];
                gram.Solve(gram.Factor(cores), expected, solved);
                matrix.Adjoint(matrix.With(core, solved).ToArray(), solved, found);
                for (var i = 0; i < found.Length; i++) Assert.Equal(expected[i], found[i], 1e-6);
            }
        }
    }

    [Fact]
    public void Padding_costs_no_accuracy()
    {
        // Full ranks hold any matrix: 23 rows in modes of 24.
        var problem = new MatrixProblem(Normal(new Philox(7), 23 * 24), 23, 24, 0, null);
        foreach (var format in new[] { Over(WeightFormat.TensorTrain(24), [4, 6], [6, 4]), Over(WeightFormat.HierarchicalTucker([24, 24], "(0,1)", IdentityFrames.Stored), [4, 6], [6, 4]) })
            Assert.InRange(MatrixFit.Of(format, problem, 1).SquaredError, 0, 1e-20 * problem.Plain.SquaredNorm);
        // Rows of padding are free: they do not count in the error.
        var fit = MatrixFit.Of(Over(WeightFormat.TensorTrain(9), [4, 6], [6, 4]), problem, 30);
        Assert.Equal(fit.SquaredError, problem.Plain.SquaredError(new NetworkMatrix(fit.Network, fit.Cores).Value()), 1e-9);
    }

    [Theory]
    [InlineData("low rank")]
    [InlineData("tt")]
    [InlineData("tr")]
    [InlineData("cp")]
    public void A_weighted_fit_is_nearer_in_the_weighted_norm(string format)
    {
        var values = Normal(new Philox(8), 24 * 24);
        var weighted = new MatrixProblem(values, 24, 24, 0, Moments(24));
        var plain = MatrixFit.Of(Cases[format], new MatrixProblem(values, 24, 24, 0, null), 40);
        var error = weighted.Target.SquaredError(new NetworkMatrix(plain.Network, plain.Cores).Value());
        Assert.InRange(MatrixFit.Of(Cases[format], weighted, 40).SquaredError, 0, 0.95 * error);
    }

    [Fact]
    public void A_weighted_matrix_of_low_rank_is_the_best_there_is()
    {
        var (values, moments) = (Normal(new Philox(9), 24 * 24), Moments(24));
        var problem = new MatrixProblem(values, 24, 24, 0, moments);
        var tail = new Unfoldings(problem.Weighted, [24], [24]).Tail(1)[5];
        Assert.Equal(1, MatrixFit.Of(WeightFormat.LowRank(5), problem, 0).SquaredError / tail, 1e-9);
    }

    [Fact]
    public void The_tail_of_an_unfolding_is_the_error_of_its_truncation()
    {
        var values = Normal(new Philox(10), 24 * 24);
        var unfoldings = new Unfoldings(values, [4, 6], [6, 4]);
        var network = Over(WeightFormat.TensorTrain(7), [4, 6], [6, 4]).Describe(new MatrixModes([24], [24]));
        var error = new MatrixTarget(values, 24, 24).SquaredError(new NetworkMatrix(network, NetworkStart.Of(network, values)).Value());
        Assert.Equal(1, unfoldings.Tail(0b0101)[7] / error, 1e-9);
        Assert.Equal(unfoldings.Tail(0b0101), unfoldings.Tail(0b1010));
    }

    [Fact]
    public void Numbers_of_a_tree_are_counted_as_they_are_stored()
    {
        var unfoldings = new Unfoldings(Normal(new Philox(11), 24 * 24), [4, 6], [6, 4]);
        foreach (var shape in new[] { TreeShape.Split(unfoldings, 3), TreeShape.Split(unfoldings, 5), TreeShape.Chain(unfoldings, 1, 2), TreeShape.Balanced(unfoldings, 1, 2, 4) })
        {
            foreach (var budget in new[] { 60.0, 150, 300, 700 })
            {
                if (TreeRanks.Choose(shape, budget) is not { } choice) continue;
                var network = TreeText.Format(unfoldings, shape, choice.Ranks).Describe(new MatrixModes([24], [24]));
                Assert.Equal(network.ParameterCount, shape.Count(choice.Ranks));
                Assert.InRange(network.ParameterCount, 1, budget);
            }
        }
    }

    [Theory]
    [InlineData(24, 24, 0)]
    [InlineData(23, 20, 0)]
    [InlineData(30, 24, 18)]
    public void Trees_that_are_chosen_are_never_worse_than_low_rank(int rows, int columns, int parted)
    {
        foreach (var seed in new ulong[] { 1, 2 })
        {
            var problem = new MatrixProblem(Normal(new Philox(seed), rows * columns), rows, columns, parted, null);
            foreach (var budget in new[] { rows * columns / 2.0, rows * columns / 4.0 })
            {
                var (tree, low) = (Best(CompressedFormat.HierarchicalTucker), Best(CompressedFormat.LowRank));
                Assert.InRange(tree.SquaredError, 0, low.SquaredError * (1 + 1e-9));
                Assert.InRange(tree.Network.ParameterCount, 1, budget);

                MatrixFit Best(CompressedFormat kind)
                {
                    var options = new CompressionOptions { Format = kind, Goal = CompressionGoal.Ratio(2) };
                    return MatrixCompressor.Fit("W", problem, new FormatCandidates(problem, kind, options, null), options.Goal, budget);
                }
            }
        }
    }

    private static IMatrixFormat Over(IMatrixFormat format, int[] inputs, int[] outputs) => WeightFormat.OverModes(format, inputs, outputs);

    private static double[] Normal(Philox random, int count)
    {
        var values = new double[count];
        random.FillNormal<double>(values, 1);
        return values;
    }

    /// <summary>Of vectors whose entries differ in size by a hundred.</summary>
    private static double[] Moments(int size)
    {
        var vectors = Normal(new Philox(12), 200 * size);
        var moments = new double[size * size];
        for (var row = 0; row < 200; row++)
        {
            for (var i = 0; i < size; i++)
            {
                for (var j = 0; j < size; j++) moments[i * size + j] += vectors[row * size + i] * vectors[row * size + j] / (200.0 * (1 + i) * (1 + j));
            }
        }

        return moments;
    }
}
