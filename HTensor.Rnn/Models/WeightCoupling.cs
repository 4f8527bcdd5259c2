namespace HTensor.Rnn;

/// <summary>Whether the input matrix W and the recurrent matrix U are held apart.</summary>
public enum WeightCoupling
{
    /// <summary>Each in its own format.</summary>
    Separate,

    /// <summary>
    /// As one matrix [W; U] in the format of the input matrix (Yin et al., CVPR 2021). Its first input mode is longer than W's by as many indices
    /// as the H rows of U need; what is left of the last is padding, rows that multiply nothing.
    /// </summary>
    Joint,
}
