using System.Globalization;
using System.Numerics;
using HTensor.Autodiff;
using HTensor.Kernels;

namespace HTensor.Rnn;

/// <summary>
/// One step of training: read a batch, forward, backward, clip, AdamW. It stops where a number is not finite, before the weights are touched.
/// After the first it allocates nothing.
/// </summary>
internal sealed class TrainingStep<T>(ParameterSet<T> parameters, ClassifierNetwork<T> network, AdamW<T> optimizer, double clipNorm)
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly GradientNorm<T> _norm = new();

    /// <summary>Steps the weights by the gradient of some samples and gives their mean loss, in nats. Steps count from 0.</summary>
    /// <exception cref="TrainingDivergedException">The loss or the gradient is not finite.</exception>
    public T Run(ISequenceSource source, ReadOnlyMemory<int> samples, long step, double learningRate, ThreadTeam team)
    {
        network.Batch.Load(source, samples, team);
        return Run(step, learningRate, team);
    }

    /// <summary>The same by what the batch shows. Where nothing of it is predicted the weights stay, and the states go on.</summary>
    /// <exception cref="TrainingDivergedException">The loss or the gradient is not finite.</exception>
    public T Run(long step, double learningRate, ThreadTeam team)
    {
        network.Step = step;
        if (network.Batch.IsAnyActive) network.Tape.Forward(team);
        if (network.Head.Predictions == 0)
        {
            optimizer.StepCount = step + 1;
            return T.Zero;
        }

        var loss = network.Loss.Value.Span[0];
        if (!T.IsFinite(loss)) throw Diverged(step + 1, $"loss is {loss}", "weights", parameters.Values);
        network.Tape.Backward(network.Loss, team);
        var gradients = network.Tape.ParameterGradients;
        var norm = _norm.Of(gradients, team);
        if (!double.IsFinite(norm)) throw Diverged(step + 1, $"gradient's norm is {norm}", "gradients", gradients.Span);
        optimizer.Step(parameters, gradients, learningRate, GradientClipping.Scale(norm, clipNorm), team);
        return loss;
    }

    /// <summary>The last step may have spoilt the weights with no later loss to tell, and what was saved before it is then the good state.</summary>
    /// <param name="steps">Steps done.</param>
    /// <exception cref="TrainingDivergedException">A weight is not finite.</exception>
    public void RequireFiniteWeights(long steps)
    {
        if (Autodiff.NonFinite.First<T>(parameters, parameters.Values) is not null)
            throw Diverged(steps, "the step left weights that are not finite", "weights", parameters.Values);
    }

    private TrainingDivergedException Diverged(long step, string what, string kind, ReadOnlySpan<T> values)
    {
        var parameter = Autodiff.NonFinite.First(parameters, values);
        var where = parameter is null ? AllFinite(kind, values) : $"{parameter.Name} is the first parameter whose {kind} are not finite";
        return new TrainingDivergedException($"step {step}: {what}; {where}");
    }

    /// <summary>Where all are finite the largest is the one to look at.</summary>
    private string AllFinite(string kind, ReadOnlySpan<T> values)
    {
        var (largest, found) = (parameters.Items[0], T.Zero);
        foreach (var parameter in parameters.Items)
        {
            foreach (var value in values.Slice(parameter.Offset, parameter.Length))
                if (T.Abs(value) > found) (largest, found) = (parameter, T.Abs(value));
        }

        return string.Create(CultureInfo.InvariantCulture, $"all {kind} are finite, the largest, {found:G3}, in {largest.Name}");
    }
}
