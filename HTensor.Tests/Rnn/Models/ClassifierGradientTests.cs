using HTensor.Autodiff;
using HTensor.Core;
using HTensor.Kernels;
using HTensor.Rnn;

namespace HTensor.Tests.Rnn;

/// <summary>The whole classifier in double, through samples of different lengths, against central differences.</summary>
public class ClassifierGradientTests
{
    private const double Tolerance = 1e-6;

    public static TheoryData<string> Formats => [.. Cases.Keys];

    private static Dictionary<string, IMatrixFormat> Cases { get; } = new()
    {
        ["dense"] = WeightFormat.Dense,
        ["ht"] = WeightFormat.HierarchicalTucker(2, 3),
        ["ht linear"] = WeightFormat.HierarchicalTucker(3, 2, "linear"),
        ["tt"] = WeightFormat.TensorTrain(3),
        ["tr"] = WeightFormat.TensorRing(2, 3),
        ["bt"] = WeightFormat.BlockTerm(2, 2),
        ["cp"] = WeightFormat.CanonicalPolyadic(4),
        ["tucker"] = WeightFormat.Tucker(2),
    };

    [Theory]
    [MemberData(nameof(Formats))]
    public void EveryParameterAgreesWithCentralDifferences(string format)
    {
        foreach (var readout in Enum.GetValues<Readout>())
        {
            foreach (var gates in Enum.GetValues<GateMode>())
            {
                var (tape, loss) = Record(Cases[format], readout, gates, dropout: 0.3);
                foreach (var comparison in GradientCheck.Run(tape, loss))
                {
                    Assert.NotEqual(0, comparison.Numeric);
                    Assert.True(comparison.RelativeError < Tolerance, $"{format}, {readout}, gates {gates}: {comparison}");
                }
            }
        }
    }

    private static (Tape<double> Tape, Variable<double> Loss) Record(IMatrixFormat format, Readout readout, GateMode gates, double dropout)
    {
        const int samples = 19, steps = 4, frame = 2 * 3 * 2;
        var random = new Philox(7);
        var values = new float[samples * steps * frame];
        random.FillNormal<float>(values, 1);
        var lengths = Enumerable.Range(0, samples).Select(sample => sample < 16 ? 1 + sample % 3 : 4 - sample % 2).ToArray();
        var source = ArraySequenceSource.FromFloats(values, steps, [frame], [.. Enumerable.Range(0, samples).Select(sample => sample % 3)], lengths);
        var layout = new ClassifierLayout(new ModelOptions
        {
            InputModes = [2, 3, 2],
            HiddenModes = [2, 2, 3],
            Gates = gates,
            InputWeights = format,
            Readout = readout,
            Classes = ["a", "b", "c"],
        });
        var parameters = new ParameterSet<double>(layout.Parameters);
        ClassifierInitializer.Fill(layout, parameters, 3);
        var batch = new LaneBatch<double>(samples, steps, frame, FrameElement.Single, new FrameScaling([0.2f], [1.3f]));
        batch.Load(source, Enumerable.Range(0, samples).ToArray(), ThreadTeam.Inline);
        var network = new ClassifierNetwork<double>(layout, parameters, batch, TapePurpose.Training, dropout, seed: 5);
        network.Dropout.Step = 3;
        return (network.Tape, network.Loss);
    }
}
