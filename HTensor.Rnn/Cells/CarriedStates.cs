namespace HTensor.Rnn;

/// <summary>The states of all layers of a model that reads sequences window after window.</summary>
internal sealed class CarriedStates<T>
    where T : unmanaged
{
    private readonly CarriedState<T>[] _layers;

    /// <exception cref="ArgumentException">The model is bidirectional.</exception>
    public CarriedStates(ClassifierLayout layout, int groups)
    {
        if (layout.Options.Direction != Direction.Forward) throw new ArgumentException("carried states: expected a model that reads forward alone, found a bidirectional one");
        _layers = [.. layout.Layers.Select((directions, layer) => new CarriedState<T>($"carried.{layer}", directions[0], groups))];
    }

    public CarriedState<T> this[int layer] => _layers[layer];

    /// <summary>What the last pass left, by name, [groups * H * 16] each.</summary>
    public IEnumerable<KeyValuePair<string, Memory<T>>> Left => _layers.SelectMany(layer => layer.Left);
}
