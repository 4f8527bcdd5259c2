using HTensor.Rnn;

namespace HTensor.Tests.Rnn;

public sealed class SequenceClassifierTests
{
    [Theory]
    [InlineData("ht")]
    [InlineData("dense")]
    public void A_prediction_has_the_same_bits_in_any_company_order_and_number_of_threads(string format)
    {
        var model = SmallTask.Model(format == "ht" ? WeightFormat.HierarchicalTucker(2, 3) : WeightFormat.Dense);
        var source = SmallTask.Source(75);
        var all = model.Predict(new SequenceSet(source, Enumerable.Range(0, 75).ToArray()));
        int[][] companies = [[3], [74, 3], [.. Enumerable.Range(0, 33)], [.. Enumerable.Range(0, 75).Reverse()], [5, 5, 5]];
        foreach (var company in companies)
        {
            var found = model.Predict(new SequenceSet(source, company), threads: 2);
            Assert.Equal(company.SelectMany(sample => all.Skip(sample * SmallTask.Classes).Take(SmallTask.Classes)), found);
        }

        Assert.Equal(1, all[..SmallTask.Classes].Sum(), 1e-6f);
    }

    [Fact]
    public void An_evaluation_is_made_of_the_predictions()
    {
        var (model, set) = (SmallTask.Model(), SmallTask.Set(40));
        var (evaluation, p) = (model.Evaluate(set), model.Predict(set));
        Assert.Equal(40, evaluation.Count);
        var loss = 0.0;
        for (var i = 0; i < 40; i++)
        {
            var row = p.AsSpan(i * SmallTask.Classes, SmallTask.Classes).ToArray();
            Assert.Equal(i % SmallTask.Classes, evaluation.Labels[i]);
            Assert.Equal(Array.IndexOf(row, row.Max()), evaluation.Predictions[i]);
            loss -= Math.Log(row[i % SmallTask.Classes]) / 40;
        }

        Assert.Equal(loss, evaluation.Loss, 1e-6);
        Assert.Equal(evaluation.Labels.Where((label, i) => label == evaluation.Predictions[i]).Count() / 40.0, evaluation.Accuracy);
    }

    [Fact]
    public void A_prediction_needs_no_labels_and_an_evaluation_refuses_wrong_ones()
    {
        var (model, plain, foreign) = (SmallTask.Model(), SmallTask.Set(5), new SequenceSet(SmallTask.Source(5, extraLabel: 7), Enumerable.Range(0, 5).ToArray()));
        Assert.Equal(model.Predict(plain), model.Predict(foreign));
        Assert.Equal("evaluation sample 0: expected a label of 0 to 2, found 7", Assert.Throws<ArgumentException>(() => model.Evaluate(foreign)).Message);
        Assert.Equal("evaluation samples: expected one or more, found none", Assert.Throws<ArgumentException>(() => model.Evaluate(new SequenceSet(plain.Source, default))).Message);
        Assert.Empty(model.Predict(new SequenceSet(plain.Source, default)));
        Assert.Equal("prediction samples: expected 0 to 4, found 5", Assert.Throws<ArgumentException>(() => model.Predict(new SequenceSet(plain.Source, new[] { 5 }))).Message);
        var wide = new SequenceSet(ArraySequenceSource.FromBytes(new byte[13], 1, [13], [0]), new[] { 0 });
        Assert.Equal("frames: expected 12 values, found [13], 13 values", Assert.Throws<ArgumentException>(() => model.Predict(wide)).Message);
        Assert.ThrowsAny<OperationCanceledException>(() => model.Predict(plain, 1, new CancellationToken(canceled: true)));
    }

    [Fact]
    public void A_model_does_not_change_with_the_callers_lists()
    {
        int[] modes = [2, 6];
        string[] classes = ["a", "b"];
        var model = SequenceClassifier.Create(new ModelOptions { InputModes = modes, HiddenModes = [4], Classes = classes });
        (modes[0], classes[0]) = (9, "z");
        Assert.Equal([2, 6], model.Options.InputModes);
        Assert.Equal(["a", "b"], model.Options.Classes);
    }

    [Fact]
    public void Counts_are_those_of_the_parameters()
    {
        var model = SmallTask.Model();
        Assert.Equal(model.Parameters.Length, model.Counts.Model);
        Assert.Equal(12 * 48, model.Counts.DenseInput);
        Assert.Equal(model.Parameters.Items.Where(parameter => parameter.Name.StartsWith("input.", StringComparison.Ordinal)).Sum(parameter => parameter.Length), model.Counts.Input);
        Assert.Equal(48 * (12 + 12 + 1), model.Counts.DenseCell);
        Assert.Equal(model.Counts.Input + 48 * (12 + 1), model.Counts.Cell);
    }
}
