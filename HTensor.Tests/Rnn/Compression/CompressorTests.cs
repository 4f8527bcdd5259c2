using HTensor.Core;
using HTensor.Rnn;

namespace HTensor.Tests.Rnn.Compression;

/// <summary>Whole models: counts, errors, and that what is written is what the report says.</summary>
public sealed class CompressorTests
{
    private static ModelOptions Plain => new() { InputModes = [2, 3, 2], HiddenModes = [2, 2, 3], Classes = ["a", "b", "c"] };

    public static TheoryData<CompressedFormat> Formats => [.. Enum.GetValues<CompressedFormat>()];

    [Theory]
    [MemberData(nameof(Formats))]
    public void A_compressed_model_is_its_own_matrices_run_densely(CompressedFormat format)
    {
        foreach (var options in new[] { Plain, Plain with { Layers = 2, Direction = Direction.Bidirectional, Cell = CellKind.Gru, Reset = GruReset.After, Readout = Readout.Mean } })
        {
            var dense = SequenceClassifier.Create(options, 3);
            var (model, report) = Compressor.Compress(dense, new CompressionOptions { Format = format, RecurrentFormat = format, Goal = CompressionGoal.Ratio(2) });
            Assert.Equal(options.Layers * (options.Direction == Direction.Forward ? 2 : 4), report.Matrices.Count);
            foreach (var matrix in report.Matrices) Assert.InRange(matrix.Parameters, 1, matrix.DenseParameters / 2);
            var rebuilt = SequenceClassifier.Create(options, 4);
            foreach (var parameter in rebuilt.Parameters.Items)
            {
                if (parameter.Name.EndsWith(".W", StringComparison.Ordinal) && parameter.Name.Contains("input", StringComparison.Ordinal)) Rebuild(model, parameter.Name[..^2], parameter.Values);
                else if (parameter.Name.EndsWith(".U", StringComparison.Ordinal)) Rebuild(model, parameter.Name[..^2], parameter.Values);
                else model.Parameters[parameter.Name].Values.CopyTo(parameter.Values);
            }

            Near(rebuilt.Predict(SmallTask.Set(20)), model.Predict(SmallTask.Set(20)), 2e-5);
            foreach (var matrix in report.Matrices) Assert.Equal(matrix.RelativeError, RelativeError(dense, rebuilt, matrix.Matrix.Name), 1e-5);
        }
    }

    [Theory]
    [MemberData(nameof(Formats))]
    public void Both_matrices_as_one_keep_the_budget(CompressedFormat format)
    {
        var dense = SequenceClassifier.Create(Plain, 3);
        var (model, report) = Compressor.Compress(dense, new CompressionOptions { Format = format, Coupling = WeightCoupling.Joint, Goal = CompressionGoal.Parameters(500) });
        Assert.Equal(("joint", WeightCoupling.Joint), (Assert.Single(report.Matrices).Matrix.Name, model.Options.Coupling));
        Assert.InRange(report.Parameters, 1, 500);
        Assert.Equal(24 * 48, report.DenseParameters);
        Assert.Equal(model.Counts, report.Counts);
        using var folder = new TempFolder();
        model.Save(folder.File("model"));
        Assert.Equal(model.Predict(SmallTask.Set(9)), SequenceClassifier.Load(folder.File("model")).Predict(SmallTask.Set(9)));
    }

    [Theory]
    [InlineData(CompressedFormat.HierarchicalTucker)]
    [InlineData(CompressedFormat.TensorTrain)]
    [InlineData(CompressedFormat.LowRank)]
    public void A_tolerance_is_kept(CompressedFormat format)
    {
        var dense = SequenceClassifier.Create(Plain, 3);
        var (_, near) = Compressor.Compress(dense, new CompressionOptions { Format = format, RecurrentFormat = format, Goal = CompressionGoal.Tolerance(0.55) });
        var (_, far) = Compressor.Compress(dense, new CompressionOptions { Format = format, RecurrentFormat = format, Goal = CompressionGoal.Tolerance(0.8) });
        foreach (var matrix in near.Matrices) Assert.InRange(matrix.RelativeError, 0, 0.55);
        foreach (var matrix in far.Matrices) Assert.InRange(matrix.RelativeError, 0.2, 0.8);
        Assert.True(far.Parameters < near.Parameters);
    }

    [Fact]
    public void Modes_that_are_given_are_kept_and_padded()
    {
        var dense = SequenceClassifier.Create(Plain with { InputModes = [11], HiddenModes = [12] }, 3);
        var (model, report) = Compressor.Compress(dense, new CompressionOptions { Format = CompressedFormat.TensorTrain, RecurrentFormat = CompressedFormat.TensorTrain, Goal = CompressionGoal.Rank(100), InputModes = [3, 4], HiddenModes = [4, 3] });
        Assert.Equal((1, 0), (report.Matrices[0].Padding, report.Matrices[1].Padding));
        Assert.Equal("3x4 -> 16x3", report.Matrices[0].Matrix.Layout.Network.Modes.ToString());
        Assert.InRange(report.RelativeErrorOfWeights, 0, 1e-6);
        var source = new NumberSource(20, 4, 11, SequenceTask.Class);
        var set = new SequenceSet(source, Enumerable.Range(0, 20).ToArray());
        Near(dense.Predict(set), model.Predict(set), 1e-5);
    }

    [Theory]
    [MemberData(nameof(Formats))]
    public void A_rank_beyond_what_bonds_can_use_is_what_they_can_use(CompressedFormat format)
    {
        var (_, report) = Compressor.Compress(SequenceClassifier.Create(Plain, 3), new CompressionOptions { Format = format, Goal = CompressionGoal.Rank(1000) });
        Assert.InRange(report.RelativeErrorOfWeights, 0, 1e-6);
        Assert.InRange(report.Parameters, 1, 20 * report.DenseParameters);
    }

    [Fact]
    public void Calibration_lowers_the_error_of_what_is_multiplied()
    {
        var dense = SequenceClassifier.Create(Plain, 3);
        Trainer.Fit(dense, SmallTask.Set(40), null, SmallTask.Options with { Epochs = 2 });
        var options = new CompressionOptions { Format = CompressedFormat.LowRank, RecurrentFormat = CompressedFormat.LowRank, Goal = CompressionGoal.Ratio(3), Calibration = SmallTask.Set(40) };
        var (_, weighted) = Compressor.Compress(dense, options);
        var (plain, unweighted) = Compressor.Compress(dense, options with { Calibration = null });
        Assert.Null(unweighted.RelativeErrorOfOutputs);
        Assert.InRange(weighted.RelativeErrorOfOutputs!.Value, 0, new Calibration(dense, SmallTask.Set(40)).RelativeError(plain));
        Assert.True(weighted.RelativeErrorOfWeights >= unweighted.RelativeErrorOfWeights);
    }

    [Fact]
    public void The_same_request_gives_the_same_bits()
    {
        var dense = SequenceClassifier.Create(Plain, 3);
        foreach (var format in new[] { CompressedFormat.HierarchicalTucker, CompressedFormat.TensorRing }) Assert.Equal(Compressed(format), Compressed(format));

        string Compressed(CompressedFormat format) => Compressor.Compress(dense, new CompressionOptions { Format = format, Goal = CompressionGoal.Ratio(2) }).Model.Parameters.Sha256();
    }

    [Fact]
    public void A_compressed_model_trains_on()
    {
        var dense = SequenceClassifier.Create(Plain, 3);
        Trainer.Fit(dense, SmallTask.Set(40), null, SmallTask.Options with { Epochs = 4 });
        var (model, _) = Compressor.Compress(dense, new CompressionOptions { Format = CompressedFormat.HierarchicalTucker, RecurrentFormat = CompressedFormat.HierarchicalTucker, Goal = CompressionGoal.Ratio(4) });
        var before = model.Evaluate(SmallTask.Set(40)).Loss;
        Trainer.Fit(model, SmallTask.Set(40), null, SmallTask.Options with { Epochs = 3 });
        Assert.True(model.Evaluate(SmallTask.Set(40)).Loss < before);
    }

    [Fact]
    public void What_cannot_be_done_is_refused()
    {
        var dense = SequenceClassifier.Create(Plain, 3);
        var good = new CompressionOptions { Format = CompressedFormat.LowRank, Goal = CompressionGoal.Ratio(2) };
        Refused("input: expected a budget in which the format has rank 1 at least, found 5 numbers of 12 x 48", dense, good with { Goal = CompressionGoal.Ratio(100) });
        Refused("input: expected a dense matrix, found one in lowrank, which is compressed already", Compressor.Compress(dense, good).Model, good);
        Refused("recurrent format: expected none where both matrices are one", dense, good with { Coupling = WeightCoupling.Joint, RecurrentFormat = CompressedFormat.Tucker });
        Refused("hidden modes: expected a product of 12, the hidden units, found 2x7", dense, good with { Format = CompressedFormat.Tucker, HiddenModes = [2, 7] });
        Refused("own modes 2x2 -> 16x3: expected input modes of at least the matrix's 12 rows, found 4", dense, good with { Format = CompressedFormat.Tucker, InputModes = [2, 2], HiddenModes = [4, 3] });
        Refused("tensor train: expected as many input modes as output modes", dense, good with { Format = CompressedFormat.TensorTrain, InputModes = [2, 2, 3], HiddenModes = [4, 3] });
        Refused("frames: expected 12 values, found [3], 3 values", dense, good with { Calibration = new SequenceSet(new NumberSource(5, 2, 3, SequenceTask.Class), new[] { 0, 1 }) });
        Assert.Contains("tolerance: expected a number above 0 and below 1, found NaN", Assert.Throws<ArgumentException>(() => CompressionGoal.Tolerance(double.NaN)).Message);
        Assert.Contains("ratio: expected a finite number of at least 1, found 0.5", Assert.Throws<ArgumentException>(() => CompressionGoal.Ratio(0.5)).Message);
        Assert.Contains("rank: expected at least 1, found 0", Assert.Throws<ArgumentException>(() => CompressionGoal.Rank(0)).Message);
        Assert.Contains("parameters: expected at least 1, found 0", Assert.Throws<ArgumentException>(() => CompressionGoal.Parameters(0)).Message);

        static void Refused(string part, SequenceClassifier model, CompressionOptions options) =>
            Assert.Contains(part, Assert.Throws<ArgumentException>(() => Compressor.Compress(model, options)).Message, StringComparison.Ordinal);
    }

    /// <summary>The dense matrix of a factored one, its columns gate after gate.</summary>
    private static void Rebuild(SequenceClassifier model, string name, Span<float> destination)
    {
        var layout = ModelStructure.Matrices(model).First(matrix => matrix.Name == name).Layout;
        double[][] cores = [.. layout.Network.Cores.Select(core => model.Parameters[$"{name}.{core.Name}"].Values.ToArray().Select(value => (double)value).ToArray())];
        var matrix = new NetworkMatrix(layout.Network, cores).Value();
        int[] columns = [0];
        foreach (var table in layout.OutputOffsets) columns = [.. columns.SelectMany(column => table.Select(offset => column + offset))];
        for (var i = 0; i < destination.Length; i++) destination[i / columns.Length * columns.Length + columns[i % columns.Length]] = (float)matrix[i];
    }

    private static double RelativeError(SequenceClassifier dense, SequenceClassifier other, string name)
    {
        var parameter = name + (name.EndsWith("input", StringComparison.Ordinal) ? ".W" : ".U");
        var (a, b) = (dense.Parameters[parameter].Values.ToArray(), other.Parameters[parameter].Values.ToArray());
        return Math.Sqrt(a.Zip(b, (x, y) => (double)(x - y) * (x - y)).Sum() / a.Sum(x => (double)x * x));
    }

    private static void Near(float[] expected, float[] found, double tolerance)
    {
        Assert.Equal(expected.Length, found.Length);
        for (var i = 0; i < expected.Length; i++) Assert.Equal(expected[i], found[i], tolerance);
    }
}
