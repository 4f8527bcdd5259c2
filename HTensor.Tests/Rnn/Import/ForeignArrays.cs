using HTensor.Core;
using HTensor.Kernels;
using HTensor.Rnn;

namespace HTensor.Tests.Rnn;

/// <summary>Random weights under the names and in the shapes of other programs, and the same as oracles.</summary>
internal static class ForeignArrays
{
    public const float Near = 1e-5f;

    public static float[] Normal(int count, ulong seed, float deviation = 0.4f)
    {
        var values = new float[count];
        new Philox(seed).FillNormal<float>(values, deviation);
        return values;
    }

    public static double[][] Frames(int steps, int inputs, ulong seed)
    {
        var values = Normal(steps * inputs, seed, 1);
        return [.. Enumerable.Range(0, steps).Select(step => values.Skip(step * inputs).Take(inputs).Select(value => (double)value).ToArray())];
    }

    /// <summary>[steps][outputs] that a model of states says of frames.</summary>
    public static float[][] States(SequenceClassifier model, double[][] frames)
    {
        var inputs = frames[0].Length;
        var source = ArraySequenceSource.FromFloats([.. frames.SelectMany(frame => frame).Select(value => (float)value)], frames.Length, [inputs], [0]);
        var all = model.Predict(new SequenceSet(source, new[] { 0 }));
        return [.. Enumerable.Range(0, frames.Length).Select(step => all.AsSpan(step * model.Outputs, model.Outputs).ToArray())];
    }

    public static void AssertNear(double[][] expected, float[][] found)
    {
        Assert.Equal(expected.Length, found.Length);
        var worst = expected.Zip(found, (row, other) => row.Zip(other, (a, b) => Math.Abs(a - b)).Max()).Max();
        Assert.All(expected.Zip(found), pair => Assert.Equal(pair.First.Length, pair.Second.Length));
        Assert.True(worst < Near, $"off by {worst}");
    }

    /// <summary>Both directions beside each other.</summary>
    public static double[][] Joined(double[][] forward, double[][] backward) => [.. forward.Zip(backward, (a, b) => (double[])[.. a, .. b])];

    /// <summary>An oracle over arrays [inputs, gates H] as Keras has them; biases null: none.</summary>
    public static PlainLayer Keras(string gates, ReadOnlyMemory<float> kernel, ReadOnlyMemory<float> recurrent, float[]? bias, float[]? recurrentBias, bool resetAfter)
    {
        var hidden = (int)Math.Sqrt(recurrent.Length / gates.Length);
        var (inputs, width) = (kernel.Length / (gates.Length * hidden), gates.Length * hidden);
        int Column(char gate, int unit) => gates.IndexOf(gate, StringComparison.Ordinal) * hidden + unit;
        return new PlainLayer
        {
            Gates = gates,
            Inputs = inputs,
            Hidden = hidden,
            ResetAfter = resetAfter,
            Weight = (gate, unit, input) => kernel.Span[input * width + Column(gate, unit)],
            Recurrent = (gate, unit, input) => recurrent.Span[input * width + Column(gate, unit)],
            Bias = (gate, unit) => bias?[Column(gate, unit)] ?? 0,
            RecurrentBias = (gate, unit) => recurrentBias?[Column(gate, unit)] ?? 0,
        };
    }

    /// <summary>An oracle over arrays [gates H, inputs] as PyTorch and ONNX have them.</summary>
    public static PlainLayer PyTorch(string gates, ReadOnlyMemory<float> input, ReadOnlyMemory<float> recurrent, float[]? bias, float[]? recurrentBias, bool resetAfter)
    {
        var hidden = (int)Math.Sqrt(recurrent.Length / gates.Length);
        var inputs = input.Length / (gates.Length * hidden);
        int Row(char gate, int unit) => gates.IndexOf(gate, StringComparison.Ordinal) * hidden + unit;
        return new PlainLayer
        {
            Gates = gates,
            Inputs = inputs,
            Hidden = hidden,
            ResetAfter = resetAfter,
            Weight = (gate, unit, index) => input.Span[Row(gate, unit) * inputs + index],
            Recurrent = (gate, unit, index) => recurrent.Span[Row(gate, unit) * hidden + index],
            Bias = (gate, unit) => bias?[Row(gate, unit)] ?? 0,
            RecurrentBias = (gate, unit) => recurrentBias?[Row(gate, unit)] ?? 0,
        };
    }
}
