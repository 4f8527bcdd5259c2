using System.Globalization;
using HTensor.Rnn;

namespace HTensor.Cli;

/// <summary>Whether a model that is already there can judge some data.</summary>
internal static class ModelFit
{
    /// <exception cref="RequestException">The frames or the classes are not the model's.</exception>
    public static void Require(SequenceClassifier model, SequenceData data, string name)
    {
        RequireFrames(model, data.Source, name);
        RequireClasses(model.Options.Classes, data.ClassNames, name);
    }

    /// <exception cref="RequestException">The frames are not the model's.</exception>
    public static void RequireFrames(SequenceClassifier model, ISequenceSource source, string name)
    {
        var size = model.FrameSize;
        var expected = model.Options.Front is null ? Words.Modes(model.Options.InputModes) : $"{size}";
        var values = Product(source.FrameShape);
        var found = $"{Words.Modes(source.FrameShape)}, {values} values";
        if (values != size) throw new RequestException($"{name}: expected frames of {size} values, the model's input modes {expected}, found {found} (see --resize)");
        var channels = FrameScaling.ChannelsOf(source.FrameShape);
        if (channels != model.Scaling.Channels)
            throw new RequestException($"{name}: expected frames of {model.Scaling.Channels} channels, as the model was trained, found {found}, {channels} channels");
    }

    private static int Product(IEnumerable<int> modes) => modes.Aggregate(1, (product, mode) => product * mode);

    // A file without names numbers its classes; such a number stands for the model's class of that number.
    private static void RequireClasses(IReadOnlyList<string> expected, string[] found, string name)
    {
        if (found.Length > expected.Count) throw new RequestException($"{name}: expected at most {expected.Count} classes, the model's, found {found.Length}");
        for (var i = 0; i < found.Length; i++)
        {
            if (found[i] != expected[i] && found[i] != i.ToString(CultureInfo.InvariantCulture))
                throw new RequestException($"{name}: class {i}: expected \"{expected[i]}\", the model's, found \"{found[i]}\"");
        }
    }
}
