using HTensor.Rnn;

// Noisy clips [6 steps, 12, 12] of bytes in which a bright bar moves; SequenceData.Load("clips.npz") reads such clips from a file.
var (clips, labels, random) = (new byte[400 * 6 * 144], new int[400], new Random(1));
for (var clip = 0; clip < labels.Length; clip++)
{
    var (start, direction) = (random.Next(12), labels[clip] = random.Next(4));
    for (var i = 0; i < 6 * 144; i++)
    {
        var across = direction < 2 ? i % 12 : i / 12 % 12;
        var bar = (start + (direction % 2 == 0 ? i / 144 : 12 - i / 144)) % 12;
        clips[clip * 6 * 144 + i] = (byte)(random.Next(100) + (across == bar ? 150 : 0));
    }
}

var source = ArraySequenceSource.FromBytes(clips, steps: 6, frameShape: [12, 12], labels);
var data = SequenceData.Create(source, ["right", "left", "down", "up"], train: [.. Enumerable.Range(0, 300)], test: [.. Enumerable.Range(300, 100)]);

var model = SequenceClassifier.Create(new ModelOptions
{
    InputModes = [3, 4, 3, 4],
    HiddenModes = [4, 2, 2, 2],
    InputWeights = WeightFormat.HierarchicalTucker(leafRank: 4, innerRank: 8),
    Classes = data.ClassNames,
}, seed: 1);
var history = Trainer.Fit(model, data.Train, options: new TrainingOptions { Epochs = 12, LearningRate = 1e-2 });
Console.WriteLine($"{model.Counts.Input} input parameters for {model.Counts.DenseInput}, {history.Epochs.Count} epochs in {history.Seconds:F1} s");

var path = Path.Combine(Path.GetTempPath(), "bars.safetensors");
model.Save(path);
var loaded = SequenceClassifier.Load(path);
var (accuracy, first) = (loaded.Evaluate(data.Test).Accuracy, loaded.Predict(data.Test)[..4]);
Console.WriteLine($"test accuracy {accuracy:P0}; the first clip: {string.Join(", ", data.ClassNames.Zip(first, (name, p) => $"{name} {p:P0}"))}");

// The same clip as a camera would bring it, frame by frame.
var (stream, soFar) = (loaded.CreateStream(), new float[data.ClassNames.Length]);
for (var step = 0; step < 6; step++)
{
    stream.Step(clips.AsSpan((300 * 6 + step) * 144, 144), soFar);
    Console.WriteLine($"after frame {step + 1}: {data.ClassNames[Array.IndexOf(soFar, soFar.Max())]}");
}

return accuracy > 0.9 ? 0 : 1;
