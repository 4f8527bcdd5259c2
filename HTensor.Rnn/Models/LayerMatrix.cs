using HTensor.Core;

namespace HTensor.Rnn;

/// <summary>A matrix of a recurrent layer.</summary>
public sealed class LayerMatrix
{
    internal LayerMatrix(string name, IMatrixFormat format, MatrixNetwork network) => (Name, Format, Network) = (name, format, network);

    /// <summary><c>input</c>, <c>recurrent</c>, or <c>joint</c> where both are held as one.</summary>
    public string Name { get; }

    /// <summary>How it is held.</summary>
    public IMatrixFormat Format { get; }

    /// <summary>Its modes, cores and bonds.</summary>
    public MatrixNetwork Network { get; }
}
