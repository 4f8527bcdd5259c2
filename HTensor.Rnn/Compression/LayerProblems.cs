using HTensor.Core;

namespace HTensor.Rnn;

/// <summary>A matrix to compress: its name, the format, its values, and its modes where they are given.</summary>
internal sealed record LayerProblem(string Name, CompressedFormat Kind, MatrixProblem Problem, MatrixModes? Given);

/// <summary>The dense matrices of a model that are to be compressed.</summary>
internal sealed class LayerProblems(SequenceClassifier model, CompressionOptions options, Calibration? calibration)
{
    private int Hidden => model.Layout.Hidden;

    private int Columns => model.Layout.Gates * Hidden;

    public IReadOnlyList<LayerProblem> All() =>
    [
        .. model.Layout.Layers.SelectMany((directions, layer) => directions.SelectMany((layout, direction) => Of(layout, layer, direction))),
    ];

    private IEnumerable<LayerProblem> Of(LayerLayout layout, int layer, int direction)
    {
        var inputs = layout.Inputs;
        if (options.Coupling == WeightCoupling.Joint)
        {
            double[] both = [.. Values(layout.Name("input.W")), .. Values(layout.Name(ClassifierLayout.RecurrentName))];
            var moments = calibration is null ? null : InputMoments.Beside(calibration.Inputs(layer), inputs, calibration.States(layer, direction), Hidden);
            yield return new LayerProblem(layout.Name("joint"), options.Format, new MatrixProblem(both, inputs + Hidden, Columns, inputs, moments), Joint(Given(layer, inputs), inputs));
            yield break;
        }

        yield return new LayerProblem(layout.Name("input"), options.Format, new MatrixProblem(Values(layout.Name("input.W")), inputs, Columns, 0, calibration?.Inputs(layer)), Given(layer, inputs));
        if (options.RecurrentFormat is { } recurrent)
        {
            var problem = new MatrixProblem(Values(layout.Name(ClassifierLayout.RecurrentName)), Hidden, Columns, 0, calibration?.States(layer, direction));
            yield return new LayerProblem(layout.Name("recurrent"), recurrent, problem, options.HiddenModes is { } modes ? Cut(modes, modes) : null);
        }
    }

    private double[] Values(string name) => [.. model.Parameters[name].Values.ToArray().Select(value => (double)value)];

    /// <summary>Modes of an input matrix where one side's or both are given; a side that is not has as many.</summary>
    private MatrixModes? Given(int layer, int inputs)
    {
        var (given, hidden) = (layer == 0 ? options.InputModes : options.HiddenModes, options.HiddenModes);
        if (given is null && hidden is null) return null;
        hidden ??= ModeFactorization.Factor(Hidden, given!.Count);
        if (layer > 0 && given is not null) given = [given[0] * (inputs / Hidden), .. given.Skip(1)];
        return Cut(given ?? ModeFactorization.Factor(MatrixProblem.Padded(inputs), hidden.Count), hidden);
    }

    /// <summary>The gates multiply the first hidden mode.</summary>
    private MatrixModes Cut(IReadOnlyList<int> inputs, IReadOnlyList<int> hidden)
    {
        var modes = new MatrixModes(inputs, [hidden[0] * model.Layout.Gates, .. hidden.Skip(1)]);
        return modes.Columns == Columns ? modes : throw new ArgumentException($"hidden modes: expected a product of {Hidden}, the hidden units, found {MatrixModes.Text(hidden)}");
    }

    /// <summary>The first mode holds both matrices, one behind the other.</summary>
    private MatrixModes? Joint(MatrixModes? given, int inputs)
    {
        if (given is null) return null;
        var rest = given.Rows / given.Inputs[0];
        if (inputs % rest != 0) throw new ArgumentException($"joint: expected input modes whose product behind the first divides {inputs}, found {MatrixModes.Text(given.Inputs)}");
        return new MatrixModes([inputs / rest + (Hidden + rest - 1) / rest, .. given.Inputs.Skip(1)], given.Outputs);
    }
}
