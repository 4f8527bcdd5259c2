using HTensor.Core;
using HTensor.Rnn;

namespace HTensor.Tests.Rnn;

/// <summary>
/// A model file of each format version, kept as it was written, with what it said of twenty sequences: 1, an HT-LSTM; 2, two bidirectional layers of
/// GRU with both matrices in cores behind a dense layer.
/// </summary>
public sealed class StoredModelTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void A_file_of_each_version_loads_and_predicts_what_it_did(int version)
    {
        var path = Path.Combine(Repository.Root(), "HTensor.Tests", "Rnn", "Models", "Stored", $"version{version}");
        Assert.Contains($"\"version\":{version},", SafetensorsFile.Read(path + ".safetensors").Metadata["htensor"], StringComparison.Ordinal);
        var model = SequenceClassifier.Load(path + ".safetensors");
        var (expected, found) = (NpyFile.Read(path + ".npy").As<float>(), model.Predict(SmallTask.Set(20)));
        Assert.Equal(expected.Length, found.Length);
        for (var i = 0; i < found.Length; i++) Assert.Equal(expected[i], found[i], 1e-5f);
        Assert.Equal(version == 1 ? 1 : 2, model.Options.Layers);
        Assert.Equal(found.Length / 20, model.Options.Classes.Count);
    }

    [Fact]
    public void Write_them()
    {
        var folder = Path.Combine(Repository.Root(), "HTensor.Tests", "Rnn", "Models", "Stored");
        Write(1, SmallTask.Model());
        Write(2, SequenceClassifier.Create(new ModelOptions
        {
            Cell = CellKind.Gru,
            Reset = GruReset.After,
            InputModes = [2, 2, 2],
            HiddenModes = [2, 2, 2],
            InputWeights = WeightFormat.TensorTrain(2),
            RecurrentWeights = WeightFormat.HierarchicalTucker(2, 2),
            Layers = 2,
            Direction = Direction.Bidirectional,
            Front = FrontLayer.Dense(SmallTask.Frame),
            Readout = Readout.Mean,
            Classes = ["a", "b", "c"],
        }, seed: 4));

        void Write(int version, SequenceClassifier model)
        {
            Trainer.Fit(model, SmallTask.Set(96), null, SmallTask.Options with { Epochs = 8 });
            model.Save(Path.Combine(folder, $"version{version}.safetensors"));
            NpyFile.Write(Path.Combine(folder, $"version{version}.npy"), NpyArray.From<float>(model.Predict(SmallTask.Set(20)), 20, 3));
        }
    }
}
