using FsCheck.Xunit;
using HTensor.Core;
using HTensor.Kernels;

namespace HTensor.Tests.Core.Contraction;

/// <summary>Contractions of one sample against term-by-term sums, from bytes and from floats.</summary>
public sealed class SampleContractionTests
{
    public static TheoryData<string> Formats => [.. SmallMatrices.All.Keys];

    [Theory]
    [MemberData(nameof(Formats))]
    public void Every_format_is_the_sum_over_all_indices(string format)
    {
        foreach (var channels in new[] { 1, 2, 3, 5 }) new SampleProblem(SmallMatrices.All[format], channels, 7).Check(LaneReference.ByEinsum);
    }

    [Property(MaxTest = 60)]
    public void Any_modes_and_ranks(int seed)
    {
        var random = new Philox((ulong)(uint)seed, 1);
        int Up(int smallest, int largest) => smallest + random.NextInt32(largest - smallest + 1);
        var order = Up(2, 4);
        int[] inputs = [.. Enumerable.Range(0, order).Select(_ => Up(2, 6))], outputs = [.. Enumerable.Range(0, order).Select(_ => Up(2, 4))];
        IMatrixFormat format = (seed & 3) switch
        {
            0 => new HierarchicalTuckerFormat(Up(2, 4), Up(1, 4)),
            1 => new TensorTrainFormat(Up(1, 4)),
            2 => new TensorRingFormat(Up(1, 2), Up(1, 2)),
            _ => new BlockTermFormat(Up(1, 3), Up(1, 2)),
        };
        new SampleProblem(format.Describe(new MatrixModes(inputs, outputs)), Up(1, 4), (ulong)(uint)seed).Check(LaneReference.ByEinsum);
    }

    [Theory]
    [InlineData("ht balanced", 0)]
    [InlineData("tt", 0)]
    [InlineData("bt", 0)]
    [InlineData("dense", 0)]
    public void Gates_may_be_stored_outermost(string format, int mode)
    {
        var matrix = SmallMatrices.All[format];
        new SampleProblem(matrix, 1, 5, LaneProblem<float>.GatesOutermost(matrix.Modes.Outputs, mode)).Check(LaneReference.ByEinsum);
    }

    [Theory]
    [InlineData("ht")]
    [InlineData("tt")]
    [InlineData("bt")]
    [InlineData("tr")]
    public void Published_layers_agree_with_packed_products(string format) => new SampleProblem(Published.Network(format), 3, 2).Check(LaneReference.ByExecutor);

    [Fact]
    public void A_wide_dense_matrix_is_one_row_product() =>
        new SampleProblem(new DenseFormat().Describe(new MatrixModes([900], [130])), 3, 2).Check(LaneReference.ByEinsum);

    [Fact]
    public void Nothing_is_allocated()
    {
        var problem = new SampleProblem(Published.Network("ht"), 3, 1);
        problem.Run();
        Assert.Equal(0, Allocation.Of(() => problem.RunInto()));
    }

    [Fact]
    public void What_does_not_fit_is_refused_and_named()
    {
        var matrix = SmallMatrices.All["tt"];
        var (n, m) = (matrix.Modes.Rows, matrix.Modes.Columns);
        var contraction = new SampleProblem(matrix, 1, 1).Contraction;
        var scratch = new SampleScratch(contraction);
        string Message(Action action) => Assert.ThrowsAny<ArgumentException>(action).Message;
        float[] one = [1], none = [0];
        Assert.Contains($"frame: expected {n} values, found {n - 1}", Message(() => contraction.Multiply(new byte[n - 1], one, none, new float[m], new float[m], scratch)), StringComparison.Ordinal);
        Assert.Contains($"frame: expected {n} values, found {n + 1}", Message(() => contraction.Multiply(new float[n + 1], one, none, new float[m], new float[m], scratch)), StringComparison.Ordinal);
        Assert.Contains($"bias: expected {m} values, found 0", Message(() => contraction.Multiply(new byte[n], one, none, [], new float[m], scratch)), StringComparison.Ordinal);
        Assert.Contains($"output: expected {m} values, found {m + 1}", Message(() => contraction.Multiply(new byte[n], one, none, new float[m], new float[m + 1], scratch)), StringComparison.Ordinal);
        Assert.Contains("scale and shift: expected as many of both", Message(() => contraction.Multiply(new byte[n], one, [], new float[m], new float[m], scratch)), StringComparison.Ordinal);
        Assert.Contains($"cores: expected {matrix.Cores.Count}, found 0", Message(() => _ = new SampleContraction(matrix, [])), StringComparison.Ordinal);
        Assert.Contains("output offsets: expected tables of", Message(() => _ = new SampleProblem(matrix, 1, 1, [[0, 1]])), StringComparison.Ordinal);
    }
}
