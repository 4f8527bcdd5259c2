namespace HTensor.Rnn;

/// <summary>What an importer is told that a file does not say.</summary>
public sealed record ImportOptions
{
    /// <summary>
    /// Names of the recurrent layers to take, from the first to the last: of safetensors and npz the part of the names before <c>weight_ih</c> or
    /// <c>kernel</c>, of ONNX the node's name. Null: all of a network that is nothing but recurrent layers one after another.
    /// </summary>
    public IReadOnlyList<string>? Nodes { get; init; }

    /// <summary>Of a Keras GRU without a bias, which alone tells; elsewhere the file says it.</summary>
    public GruReset Reset { get; init; } = GruReset.After;

    /// <summary>How Keras' kernels are stored.</summary>
    public KernelStorage Kernels { get; init; } = KernelStorage.Keras;
}
