using HTensor.Autodiff;
using HTensor.Kernels;
using HTensor.Rnn;

namespace HTensor.Tests.Rnn;

public sealed class ClassWeightTests
{
    [Fact]
    public void The_loss_is_the_mean_of_weighted_losses_and_its_gradient_is_right()
    {
        const int classes = 3, lanes = LaneBlock.Width;
        int[] labels = [.. Enumerable.Range(0, lanes).Select(lane => lane < 13 ? lane % classes : -1)];
        double[] weights = [0.5, 2, 1.25];
        var parameters = new ParameterSet<double>([new ParameterShape("logits", [1, classes, lanes])]);
        new Philox(7).FillNormal(parameters.Values, 1);
        var tape = new Tape<double>(parameters, TapePurpose.Training);
        var operation = new SoftmaxCrossEntropyLoss<double>("loss", labels) { ClassWeights = weights };
        var loss = tape.Record(operation, tape.Parameter("logits"));
        tape.Forward(ThreadTeam.Inline);
        var expected = Enumerable.Range(0, 13).Sum(lane => -weights[labels[lane]] * Math.Log(operation.Probabilities[labels[lane] * lanes + lane])) / 13;
        Assert.Equal(expected, loss.Value.Span[0], 1e-14);

        tape.Backward(loss, ThreadTeam.Inline);
        var gradient = tape.ParameterGradients.Span.ToArray();
        for (var i = 0; i < gradient.Length; i++)
        {
            var value = parameters.Values[i];
            parameters.Values[i] = value + 1e-6;
            tape.Forward(ThreadTeam.Inline);
            var above = loss.Value.Span[0];
            parameters.Values[i] = value - 1e-6;
            tape.Forward(ThreadTeam.Inline);
            parameters.Values[i] = value;
            Assert.Equal((above - loss.Value.Span[0]) / 2e-6, gradient[i], 1e-8);
        }
    }

    [Fact]
    public void Balanced_classes_count_the_same()
    {
        var set = new SequenceSet(SmallTask.Source(9), new[] { 0, 1, 3, 4, 6, 7 });
        Assert.Equal([1, 1, 1], ClassWeights.Balanced(set, 3));
        Assert.Equal([2.0 / 3, 2, 1], ClassWeights.Balanced(new SequenceSet(SmallTask.Source(9), new[] { 0, 1, 3, 6 }), 3));
    }

    [Fact]
    public void Weights_of_one_change_no_bit_and_others_do()
    {
        string Train(IReadOnlyList<double>? weights)
        {
            var model = SmallTask.Model();
            Trainer.Fit(model, SmallTask.Set(20), null, SmallTask.Options with { ClassWeights = weights });
            return model.Parameters.Sha256();
        }

        Assert.Equal(Train(null), Train([1, 1, 1]));
        Assert.NotEqual(Train(null), Train([2, 1, 1]));
    }

    [Fact]
    public void A_rare_class_is_found_more_often()
    {
        // One sample of class 0 for twelve of the others, and noise.
        int[] samples = [.. Enumerable.Range(0, 240).Where(sample => sample % 3 != 0 || sample % 24 == 0)];
        int Found(IReadOnlyList<double>? weights)
        {
            var model = SmallTask.Model();
            Trainer.Fit(model, new SequenceSet(SmallTask.Source(240), samples), null, SmallTask.Options with { Epochs = 3, ClassWeights = weights });
            return model.Evaluate(SmallTask.Set(90, seed: 5)).Predictions.Count(prediction => prediction == 0);
        }

        var set = new SequenceSet(SmallTask.Source(240), samples);
        var (plain, balanced) = (Found(null), Found(ClassWeights.Balanced(set, 3)));
        Assert.True(balanced > plain, $"{plain} of 30 without weights, {balanced} with");
    }
}
