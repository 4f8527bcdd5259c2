namespace HTensor.Rnn;

/// <summary>Which parameters a published count is of.</summary>
public enum PresetScope
{
    /// <summary>The input matrix W alone; U and the biases are dense and not counted.</summary>
    Input,

    /// <summary>The whole cell: W, U in the same format, and one bias a gate and hidden unit.</summary>
    Cell,
}
