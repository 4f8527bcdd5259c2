using HTensor.Core;
using HTensor.Rnn;
using HTensor.Tests.Rnn;

namespace HTensor.Tests.Fuzzing;

/// <summary>What mutated files have brought to light.</summary>
public sealed class FoundTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("\"hiddenModes\":[2,2,3]", "\"hiddenModes\":[2,2,100000000]", "2x2x100000000 hidden units")]
    [InlineData("sequence-classifier", "sequence\\u007fclassifier", "sequence?classifier")]
    public void A_models_options(string good, string bad, string part)
    {
        var path = _folder.File("model");
        SmallTask.Model().Save(path);
        var file = SafetensorsFile.Read(path);
        var options = file.Metadata["htensor"].Replace(good, bad, StringComparison.Ordinal);
        Assert.NotEqual(file.Metadata["htensor"], options);
        SafetensorsFile.Write(path, file.Tensors, new Dictionary<string, string> { ["htensor"] = options });
        Malformed.Refused(path, () => SequenceClassifier.Load(path), part);
    }

    [Fact]
    public void A_tensors_name()
    {
        var path = _folder.File("model");
        SmallTask.Model().Save(path);
        var file = SafetensorsFile.Read(path);
        SafetensorsFile.Write(path, file.Tensors.ToDictionary(pair => pair.Key == "readout.bias" ? "a\nb" : pair.Key, pair => pair.Value), file.Metadata);
        Malformed.Refused(path, () => SequenceClassifier.Load(path), "'readout.bias'", "a?b");
    }
}
