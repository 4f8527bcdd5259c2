namespace HTensor.Rnn;

/// <summary>How the kernels of a Keras layer are stored.</summary>
public enum KernelStorage
{
    /// <summary>kernel [N, gates H], recurrent_kernel [H, gates H], as LSTM and GRU have them.</summary>
    Keras,

    /// <summary>
    /// As the weights of CuDNNLSTM and CuDNNGRU were saved, whose shapes are the same: what stands where a gate's columns are is its transpose [H, N],
    /// row after row. Keras turns it when it loads such a file into LSTM or GRU.
    /// </summary>
    CuDnn,
}
