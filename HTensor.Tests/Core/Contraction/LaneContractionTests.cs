using HTensor.Core;
using HTensor.Kernels;

namespace HTensor.Tests.Core.Contraction;

/// <summary>Contractions over samples in lanes against term-by-term sums: forward, gradients of the cores and of the input.</summary>
public sealed class LaneContractionTests
{
    public static TheoryData<string> Formats => [.. SmallMatrices.All.Keys];

    [Theory]
    [MemberData(nameof(Formats))]
    public void Every_format_is_the_sum_over_all_indices(string format)
    {
        var matrix = SmallMatrices.All[format];
        foreach (var units in new[] { 1, 3, 20 })
        {
            var single = new LaneProblem<float>(matrix, units, (ulong)units, unit => unit % 3 != 1);
            var doubles = new LaneProblem<double>(matrix, units, (ulong)units);
            foreach (var objective in Enum.GetValues<PlanObjective>())
            {
                var plan = LaneContraction.Plan(matrix, units * LaneBlock.Width, objective);
                single.Check(ThreadTeam.Inline, plan);
                doubles.Check(ThreadTeam.Inline, plan);
            }
        }
    }

    [Theory]
    [MemberData(nameof(Formats))]
    public void Bits_are_the_same_on_any_number_of_threads(string format)
    {
        var problem = new LaneProblem<float>(SmallMatrices.All[format], 19, 3, unit => unit != 4);
        var expected = problem.Run(ThreadTeam.Inline);
        foreach (var size in new[] { 2, 4 })
        {
            using var team = new ThreadTeam(size);
            Assert.Equal(expected, problem.Run(team));
        }
    }

    [Theory]
    [InlineData("ht balanced", 0)]
    [InlineData("ht crossed", 2)]
    [InlineData("tt", 0)]
    [InlineData("tr", 0)]
    [InlineData("bt", 0)]
    [InlineData("dense", 0)]
    public void Gates_may_be_stored_outermost(string format, int mode)
    {
        var matrix = SmallMatrices.All[format];
        var offsets = LaneProblem<float>.GatesOutermost(matrix.Modes.Outputs, mode);
        new LaneProblem<float>(matrix, 3, 5, unit => unit != 0, offsets).Check(ThreadTeam.Inline);
        new LaneProblem<double>(matrix, 3, 5, null, offsets).Check(ThreadTeam.Inline);
    }

    [Fact]
    public void No_active_unit_gives_zero_gradients()
    {
        foreach (var matrix in SmallMatrices.All.Values)
        {
            foreach (var gradient in new LaneProblem<float>(matrix, 2, 1, _ => false).Run(ThreadTeam.Inline).Skip(2)) Assert.All(gradient, value => Assert.Equal(0, value));
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(7)]
    [InlineData(20)]
    public void A_large_dense_matrix_runs_whole(int units)
    {
        var matrix = new DenseFormat().Describe(new MatrixModes([700], [100]));
        Assert.IsType<WholeLaneContraction<float>>(LaneContraction.Create<float>(matrix, units));
        var offsets = LaneProblem<float>.GatesOutermost(matrix.Modes.Outputs, 0);
        var problem = new LaneProblem<float>(matrix, units, 9, unit => units == 1 || unit % 4 != 1, offsets);
        using var team = new ThreadTeam(2);
        Assert.Equal(problem.Check(ThreadTeam.Inline), problem.Run(team));
        new LaneProblem<double>(matrix, units, 9).Check(team);
    }

    [Theory]
    [InlineData("dense")]
    [InlineData("tt")]
    public void Bits_of_a_sample_do_not_depend_on_how_many_there_are(string format)
    {
        // 1500 features are several blocks of the order in which a long sum is taken.
        var matrix = format == "dense" ? new DenseFormat().Describe(new MatrixModes([1500], [40])) : new TensorTrainFormat(3).Describe(new MatrixModes([30, 50], [5, 8]));
        var alone = new LaneProblem<float>(matrix, 1, 4);
        var many = new LaneProblem<float>(matrix, 40, 5, unit => unit % 5 != 0).WithUnit(7, alone);
        var plan = LaneContraction.Plan(matrix, 16);
        float[][] expected = alone.Run(ThreadTeam.Inline, plan), found = many.Run(ThreadTeam.Inline, plan);
        for (var i = 0; i < 2; i++) Assert.Equal(expected[i], found[i].AsSpan(7 * expected[i].Length, expected[i].Length).ToArray());
    }

    [Fact]
    public void A_plan_that_rebuilds_the_matrix_runs_whole()
    {
        var matrix = new TensorTrainFormat(12).Describe(new MatrixModes([20, 20], [16, 16]));
        var plan = new ContractionPlan(matrix.OverSamples(48), PlanObjective.Time, [(0, 1), (3, 2)]);
        Assert.IsType<WholeLaneContraction<double>>(LaneContraction.Create<double>(matrix, 3, null, plan));
        var offsets = LaneProblem<double>.GatesOutermost(matrix.Modes.Outputs, 1);
        using var team = new ThreadTeam(2);
        var problem = new LaneProblem<double>(matrix, 3, 11, unit => unit != 1, offsets);
        Assert.Equal(problem.Check(ThreadTeam.Inline, plan), problem.Run(team, plan));
        new LaneProblem<float>(matrix, 3, 11).Check(team, plan);
    }

    [Theory]
    [InlineData("ht", 2)]
    [InlineData("tt", 2)]
    [InlineData("bt", 1)]
    [InlineData("tr", 2)]
    public void Published_layers_agree_with_packed_products(string format, int units)
    {
        var matrix = Published.Network(format);
        using var team = new ThreadTeam(2);
        var problem = new LaneProblem<float>(matrix, units, 2, unit => unit != 1);
        foreach (var objective in Enum.GetValues<PlanObjective>())
            problem.Check(team, LaneContraction.Plan(matrix, units * LaneBlock.Width, objective), LaneReference.ByExecutor);
    }

    [Theory]
    [InlineData("tt")]
    [InlineData("dense")]
    public void What_does_not_fit_is_refused_and_named(string format)
    {
        var matrix = SmallMatrices.All[format];
        var (rows, columns) = (matrix.Modes.Rows * LaneBlock.Width * 3, matrix.Modes.Columns * LaneBlock.Width * 3);
        var contraction = LaneContraction.Create<float>(matrix, 3);
        var input = new LaneProblem<float>(matrix, 3, 1);
        string Message(Action action) => Assert.ThrowsAny<ArgumentException>(action).Message;
        Assert.Contains($"output: expected 3 units of {matrix.Modes.Columns} blocks of 16 samples, {columns} elements, found {columns - 1}", Message(() =>
            contraction.Forward(input, new float[columns - 1], ThreadTeam.Inline)), StringComparison.Ordinal);
        Assert.Contains("outputGradient: expected", Message(() => contraction.Backward(input, new float[columns + 1], default, ThreadTeam.Inline)), StringComparison.Ordinal);
        Assert.Contains("inputGradient: expected", Message(() => contraction.Backward(input, new float[columns], new float[rows - 1], ThreadTeam.Inline)), StringComparison.Ordinal);
        Assert.Contains("output offsets: expected tables of", Message(() => LaneContraction.Create<float>(matrix, 3, [[0, 1]])), StringComparison.Ordinal);
        Assert.Throws<ArgumentOutOfRangeException>(() => LaneContraction.Create<float>(matrix, 0));
    }
}
