using HTensor.Core;

namespace HTensor.Rnn;

/// <summary>
/// A trained model with dense recurrent layers into formats, without training: truncated singular value decompositions, then least squares, core after core, in the
/// Frobenius norm or weighted by the second moments of what a matrix multiplies. The same model and options give the same bits. Grasedyck 2010;
/// Holtz, Rohwedder, Schneider 2012 (alternating least squares).
/// </summary>
public static class Compressor
{
    /// <exception cref="ArgumentException">
    /// The model has matrices that are factored already, modes do not fit, the goal cannot be reached in the format, or the calibration's frames have another size; the message
    /// names the matrix, what was expected and found.
    /// </exception>
    public static (SequenceClassifier Model, CompressionReport Report) Compress(SequenceClassifier model, CompressionOptions options, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(options);
        Require(model, options);
        var calibration = options.Calibration is { } samples ? new Calibration(model, samples) : null;
        var work = new LayerProblems(model, options, calibration).All();
        var all = work.Sum(item => (long)item.Problem.Rows * item.Problem.Columns);
        var fits = new Dictionary<string, MatrixFit>();
        foreach (var (name, kind, problem, given) in work)
        {
            cancellation.ThrowIfCancellationRequested();
            var budget = options.Goal.Budget((long)problem.Rows * problem.Columns, all);
            fits[name] = MatrixCompressor.Fit(name, problem, new FormatCandidates(problem, kind, options, given), options.Goal, budget);
        }

        var compressed = Assembled(model, options, fits);
        return (compressed, Report(compressed, work, fits, calibration));
    }

    private static void Require(SequenceClassifier model, CompressionOptions options)
    {
        if (options is { Coupling: WeightCoupling.Joint, RecurrentFormat: { } other })
            throw new ArgumentException($"recurrent format: expected none where both matrices are one, found {other}");
        if (options.Blocks < 1) throw new ArgumentException($"blocks: expected at least 1, found {options.Blocks}");
        foreach (var matrix in ModelStructure.Matrices(model))
            if (matrix.Format is not DenseFormat) throw new ArgumentException($"{matrix.Name}: expected a dense matrix, found one in {matrix.Format.Name}, which is compressed already");
    }

    private static SequenceClassifier Assembled(SequenceClassifier model, CompressionOptions options, Dictionary<string, MatrixFit> fits)
    {
        IMatrixFormat FormatOf(string name) => fits.TryGetValue(name, out var fit) ? fit.Format : WeightFormat.Dense;
        LayerFormats[] formats =
        [
            .. model.Layout.Layers.SelectMany(directions => directions)
                .Select(layer => new LayerFormats(FormatOf(layer.Name(options.Coupling == WeightCoupling.Joint ? "joint" : "input")), FormatOf(layer.Name("recurrent")))),
        ];
        var layout = new ClassifierLayout(model.Options with { Coupling = options.Coupling, LayerFormats = formats, InputWeights = formats[0].Input, RecurrentWeights = formats[0].Recurrent });
        var compressed = new SequenceClassifier(layout, model.Scaling);
        foreach (var (name, fit) in fits)
        {
            for (var core = 0; core < fit.Cores.Length; core++)
            {
                var values = compressed.Parameters[$"{name}.{fit.Network.Cores[core].Name}"].Values;
                for (var i = 0; i < values.Length; i++) values[i] = (float)fit.Cores[core][i];
            }
        }

        var cores = fits.SelectMany(fit => fit.Value.Network.Cores.Select(core => $"{fit.Key}.{core.Name}")).ToHashSet();
        foreach (var parameter in compressed.Parameters.Items)
            if (!cores.Contains(parameter.Name)) model.Parameters[parameter.Name].Values.CopyTo(parameter.Values);
        return compressed;
    }

    private static CompressionReport Report(SequenceClassifier compressed, IReadOnlyList<LayerProblem> work, Dictionary<string, MatrixFit> fits, Calibration? calibration)
    {
        var matrices = ModelStructure.Matrices(compressed).ToDictionary(matrix => matrix.Name);
        var rows = work.Select(item =>
        {
            var fit = fits[item.Name];
            var plain = item.Problem.Plain;
            return new MatrixCompression(matrices[item.Name], plain.SquaredNorm, plain.SquaredError(new NetworkMatrix(fit.Network, fit.Cores).Value()),
                calibration is null ? null : Math.Sqrt(fit.SquaredError / item.Problem.Target.SquaredNorm))
            { Rows = item.Problem.Rows };
        });
        return new CompressionReport([.. rows], compressed.Counts, calibration?.RelativeError(compressed));
    }
}
