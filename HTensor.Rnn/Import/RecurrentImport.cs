using HTensor.Core;

namespace HTensor.Rnn;

/// <summary>
/// Recurrent layers of other programs as a model with dense matrices that gives the states of the last layer (<see cref="SequenceTask.States"/>).
/// Weights keep their bits; of two biases of which only the sum matters the sum is kept. What else the file holds is passed over.
/// </summary>
public static class RecurrentImport
{
    /// <summary>
    /// safetensors with PyTorch's names, LSTM, GRU or RNN (tanh) by their gates: layers <c>_l0</c>, <c>_l1</c>, ..., both directions, or a cell. Where
    /// the file has layers under several prefixes one must be named.
    /// </summary>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="InvalidDataException">There are no such layers, or shapes do not fit; the message names file, tensor, expected and found.</exception>
    public static SequenceClassifier Safetensors(string path, ImportOptions? options = null)
    {
        var (file, place) = (SafetensorsFile.Read(path), new DataPlace(path));
        string[] present = [.. PyTorchNames.Prefixes(file.Tensors.Keys)];
        var chosen = LayerNames.Choose(place, present, options?.Nodes);
        if (chosen.Count == 0) throw place.Unexpected("tensors", "weight_ih_l0 or weight_ih behind any prefix", LayerNames.Text([.. file.Tensors.Keys]));
        if (options?.Nodes is null && chosen.Count > 1) throw place.Unexpected("recurrent layers", "one prefix, or a name that says which", LayerNames.Text(present));
        var names = new PyTorchNames(path, Cached(name => file.Tensors.TryGetValue(name, out var tensor) ? ImportedArray.Of(path, name, tensor) : null));
        return Make(place, [.. chosen.SelectMany(names.Layers)]);
    }

    /// <summary>npz with Keras' names, LSTM, GRU or SimpleRNN (tanh) by their gates: all layers that have a <c>recurrent_kernel</c>, one after another in the order of their names.</summary>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="InvalidDataException">There are no such layers, or shapes do not fit; the message names file, array, expected and found.</exception>
    public static SequenceClassifier Npz(string path, ImportOptions? options = null)
    {
        using var archive = NpzArchive.Open(path);
        var place = new DataPlace(path);
        var chosen = LayerNames.Choose(place, KerasNames.Layers([.. archive.Names]), options?.Nodes);
        if (chosen.Count == 0) throw place.Unexpected("arrays", "kernel and recurrent_kernel behind any name", LayerNames.Text([.. archive.Names]));
        var names = new KerasNames(options ?? new ImportOptions(), Cached(name => archive.TryRead(name, out var array) ? ImportedArray.Of(path, name, array) : null));
        return Make(place, [.. chosen.Select(names.Both)]);
    }

    private static SequenceClassifier Make(DataPlace place, IReadOnlyList<IReadOnlyList<ImportedLayer>> layers)
    {
        try
        {
            return ImportedModel.Finite(place, ImportedModel.Of(place, layers));
        }
        catch (Exception exception) when (exception is ArgumentException or OverflowException)
        {
            throw place.Wrong(exception);
        }
    }

    /// <summary>Each array once.</summary>
    private static Func<string, ImportedArray?> Cached(Func<string, ImportedArray?> read)
    {
        var found = new Dictionary<string, ImportedArray?>();
        return name => found.TryGetValue(name, out var array) ? array : found[name] = read(name);
    }
}
