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
        var expected = NpyFile.Read(path + ".npy").As<float>();
        var found = model.Predict(SmallTask.Set(20));
        Assert.Equal(expected.Length, found.Length);
        for (var i = 0; i < found.Length; i++) Assert.Equal(expected[i], found[i], 1e-5f);
        Assert.Equal(version == 1 ? 1 : 2, model.Options.Layers);
        Assert.Equal(found.Length / 20, model.Options.Classes.Count);
    }
}
