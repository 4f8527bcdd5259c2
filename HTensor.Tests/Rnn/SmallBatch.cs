using HTensor.Autodiff;
using HTensor.Kernels;
using HTensor.Rnn;

namespace HTensor.Tests.Rnn;

/// <summary>A batch of random sequences of different lengths: nineteen samples fill one group of lanes and leave thirteen lanes of a second one empty.</summary>
internal static class SmallBatch
{
    public const int Samples = 19;
    public const int Steps = 4;
    public const int Frame = 2 * 3 * 2;

    /// <summary>1 to 3 steps in the first group, 3 or 4 in the second: so neither group needs all steps of the other.</summary>
    public static int Length(int sample) => sample < 16 ? 1 + sample % 3 : 4 - sample % 2;

    public static ArraySequenceSource Source(int samples = Samples, ulong seed = 7)
    {
        var values = new float[samples * Steps * Frame];
        new Philox(seed).FillNormal<float>(values, 1);
        return ArraySequenceSource.FromFloats(values, Steps, [Frame], [.. Enumerable.Range(0, samples).Select(sample => sample % 3)], [.. Enumerable.Range(0, samples).Select(Length)]);
    }

    public static LaneBatch<T> Load<T>(int samples = Samples)
        where T : unmanaged, System.Numerics.IBinaryFloatingPointIeee754<T>
    {
        var batch = new LaneBatch<T>(samples, Steps, Frame, FrameElement.Single, new FrameScaling([0.2f], [1.3f]));
        batch.Load(Source(samples), Enumerable.Range(0, samples).ToArray(), ThreadTeam.Inline);
        return batch;
    }

    /// <summary>Random weights for a sum over [groups * steps, rows, 16], 0 at the steps that a layer does not compute.</summary>
    public static double[] ActiveWeights(LaneBatch<double> batch, int rows)
    {
        var weights = new double[batch.Groups * batch.Steps * rows * LaneBlock.Width];
        new Philox(11).FillNormal<double>(weights, 1);
        for (var i = 0; i < weights.Length; i++)
            if (!batch.IsActive(i / (rows * LaneBlock.Width))) weights[i] = 0;
        return weights;
    }

    public static ParameterSet<double> RandomParameters(params ParameterShape[] shapes)
    {
        var parameters = new ParameterSet<double>(shapes);
        new Philox(5).FillNormal(parameters.Values, 0.5);
        return parameters;
    }
}
