namespace HTensor.Rnn;

/// <summary>Where the elements of a gate matrix stand in a file.</summary>
internal enum MatrixStorage
{
    /// <summary>[inputs, gates H]</summary>
    Rows,

    /// <summary>[gates H, inputs]</summary>
    Columns,

    /// <summary>[inputs, gates H], but each gate's elements are [H, inputs].</summary>
    TurnedBlocks,
}

/// <summary>A matrix of all gates as a file keeps it. <paramref name="First"/>: where it begins in the array.</summary>
internal sealed record ImportedMatrix(ImportedArray Array, MatrixStorage Storage, int First = 0)
{
    /// <summary>Our [inputs, gates H] and the file's, one copied into the other.</summary>
    /// <param name="order">Where each of our gates stands in the file.</param>
    /// <param name="inputs">Rows.</param>
    /// <param name="hidden">H.</param>
    /// <param name="destination">[inputs, gates H]</param>
    public void CopyTo(int[] order, int inputs, int hidden, Span<float> destination)
    {
        var source = Array.Values[First..];
        var width = order.Length * hidden;
        for (var input = 0; input < inputs; input++)
        {
            for (var gate = 0; gate < order.Length; gate++)
            {
                for (var unit = 0; unit < hidden; unit++)
                    destination[input * width + gate * hidden + unit] = source[Place(Storage, order[gate], input, unit, inputs, hidden, width)];
            }
        }
    }

    /// <summary>Where an element stands.</summary>
    public static int Place(MatrixStorage storage, int gate, int input, int unit, int inputs, int hidden, int width)
    {
        if (storage == MatrixStorage.Columns) return (gate * hidden + unit) * inputs + input;
        if (storage == MatrixStorage.TurnedBlocks) (input, unit) = ((unit * inputs + input) / hidden, (unit * inputs + input) % hidden);
        return input * width + gate * hidden + unit;
    }
}
