using HTensor.Autodiff;
using HTensor.Core;
using HTensor.Kernels;
using HTensor.Rnn;

namespace HTensor.Tests.Rnn;

public sealed class InitializationTests
{
    private static readonly MatrixModes Modes = new([4, 3, 4], [3, 4, 4]);

    public static TheoryData<string> Formats => [.. Cases.Keys];

    private static Dictionary<string, IMatrixFormat> Cases { get; } = new()
    {
        ["dense"] = WeightFormat.Dense,
        ["ht"] = WeightFormat.HierarchicalTucker(3, 4),
        ["ht linear"] = WeightFormat.HierarchicalTucker(3, 2, "linear"),
        ["tt"] = WeightFormat.TensorTrain(4),
        ["tr"] = WeightFormat.TensorRing(3, 4),
        ["bt"] = WeightFormat.BlockTerm(2, 3),
        ["cp"] = WeightFormat.CanonicalPolyadic(7),
        ["tucker"] = WeightFormat.Tucker(2),
    };

    [Theory]
    [MemberData(nameof(Formats))]
    public void The_mean_square_of_W_is_the_target_to_rounding(string format)
    {
        foreach (var seed in (ulong[])[1, 2, 3])
        {
            var (network, cores) = Network(Cases[format]);
            FactoredNormal.Fill(network, cores.Items, 1.0 / Modes.Rows, new Philox(seed));
            var w = Rebuilt(network, cores);
            Assert.Equal(Modes.DenseParameters, w.Length);
            Assert.Equal(1.0 / Modes.Rows, w.Average(value => value * value), 1e-12 / Modes.Rows);
        }
    }

    [Theory]
    [MemberData(nameof(Formats))]
    public void The_squared_norm_over_cores_is_that_of_W(string format)
    {
        var (network, cores) = Network(Cases[format]);
        new Philox(4).FillNormal(cores.Values, 1.0);
        var expected = Rebuilt(network, cores).Sum(value => value * value);
        Assert.Equal(expected, FactoredNormal.SquaredNorm(network, cores.Items), 1e-12 * expected);
    }

    [Fact]
    public void The_squared_norm_of_a_dense_matrix_takes_no_copy_of_it()
    {
        var network = WeightFormat.Dense.Describe(new MatrixModes([1000], [1000]));
        var cores = new ParameterSet<float>([new("W", [1000, 1000])]);
        cores.Values.Fill(0.5f);
        var found = 0.0;
        Assert.InRange(Allocation.Of(() => found = FactoredNormal.SquaredNorm(network, cores.Items)), 0, 10_000);
        Assert.Equal(250_000.0, found);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(37)]
    [InlineData(160)]
    public void An_orthogonal_matrix_times_its_transpose_is_the_identity(int size)
    {
        var q = OrthogonalMatrix.Draw(size, new Philox(6));
        for (var i = 0; i < size; i++)
        {
            for (var j = 0; j < size; j++)
            {
                var (rows, columns) = (0.0, 0.0);
                for (var k = 0; k < size; k++)
                {
                    rows += q[i * size + k] * q[j * size + k];
                    columns += q[k * size + i] * q[k * size + j];
                }

                if (Math.Abs(rows - (i == j ? 1 : 0)) > 1e-12 || Math.Abs(columns - (i == j ? 1 : 0)) > 1e-12)
                    Assert.Fail($"({i}, {j}): rows {rows}, columns {columns}");
            }
        }
    }

    [Theory]
    [MemberData(nameof(Formats))]
    public void Normal_frames_give_pre_activations_of_variance_1(string format)
    {
        var layout = new ClassifierLayout(new ModelOptions { InputModes = Modes.Inputs, HiddenModes = Modes.Outputs, InputWeights = Cases[format], Classes = ["a", "b"] });
        var parameters = new ParameterSet<double>(layout.Parameters);
        ClassifierInitializer.Fill(layout, parameters, 3);
        var cores = new ParameterSet<double>([.. layout.Parameters.Take(layout.Input.Network.Cores.Count)]);
        for (var core = 0; core < cores.Items.Count; core++) parameters[layout.InputName(core)].Values.CopyTo(cores.Items[core].Values);
        var w = Rebuilt(layout.Input.Network, cores);
        var (frames, outputs) = (400, w.Length / layout.FrameSize);
        var (random, x, squares) = (new Philox(8), new double[layout.FrameSize], 0.0);
        for (var frame = 0; frame < frames; frame++)
        {
            random.FillNormal<double>(x, 1);
            for (var j = 0; j < outputs; j++)
            {
                var z = 0.0;
                for (var i = 0; i < x.Length; i++) z += x[i] * w[i * outputs + j];
                squares += z * z;
            }
        }

        Assert.Equal(1, squares / frames / outputs, 0.2);
    }

    [Fact]
    public void The_forget_gate_starts_open_other_biases_at_0_and_each_gate_of_U_is_orthogonal()
    {
        const int hidden = 6;
        var layout = new ClassifierLayout(new ModelOptions { InputModes = [4], HiddenModes = [hidden], Classes = ["a", "b", "c"] });
        var parameters = new ParameterSet<double>(layout.Parameters);
        ClassifierInitializer.Fill(layout, parameters, 3);
        var bias = parameters[ClassifierLayout.BiasName].Values.ToArray();
        for (var i = 0; i < bias.Length; i++) Assert.Equal(i / hidden == 1 ? 1 : 0, bias[i]);
        Assert.All(parameters[ClassifierLayout.ReadoutBiasName].Values.ToArray(), value => Assert.Equal(0, value));
        Assert.Contains(parameters[ClassifierLayout.ReadoutName].Values.ToArray(), value => value != 0);
        var u = parameters[ClassifierLayout.RecurrentName].Values.ToArray();
        for (var gate = 0; gate < 4; gate++)
        {
            for (var i = 0; i < hidden; i++)
            {
                for (var j = 0; j < hidden; j++)
                {
                    var dot = Enumerable.Range(0, hidden).Sum(k => u[(i * 4 + gate) * hidden + k] * u[(j * 4 + gate) * hidden + k]);
                    Assert.Equal(i == j ? 1 : 0, dot, 1e-12);
                }
            }
        }
    }

    [Fact]
    public void The_same_seed_gives_the_same_bits_and_another_one_others()
    {
        var options = new ModelOptions { InputModes = [4, 3], HiddenModes = [2, 3], InputWeights = WeightFormat.TensorTrain(2), Classes = ["a", "b"] };
        Assert.Equal(SequenceClassifier.Create(options, 5).Parameters.Sha256(), SequenceClassifier.Create(options, 5).Parameters.Sha256());
        Assert.NotEqual(SequenceClassifier.Create(options, 5).Parameters.Sha256(), SequenceClassifier.Create(options, 6).Parameters.Sha256());
    }

    private static (MatrixNetwork Network, ParameterSet<double> Cores) Network(IMatrixFormat format)
    {
        var network = format.Describe(Modes);
        return (network, new ParameterSet<double>([.. network.Cores.Select((core, i) => new ParameterShape(core.Name, network.CoreShape(i)))]));
    }

    /// <summary>W [N, M], row-major.</summary>
    private static double[] Rebuilt(MatrixNetwork network, ParameterSet<double> cores)
    {
        var executor = new ContractionExecutor<double>(ContractionPlanner.Plan(network.Matrix, PlanObjective.MultiplyAdds));
        for (var core = 0; core < cores.Items.Count; core++) executor.Bind(core, cores.Items[core].Memory, default);
        executor.Forward(ThreadTeam.Inline);
        return executor.Value(executor.ResultNode).ToArray();
    }
}
