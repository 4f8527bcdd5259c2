namespace HTensor.Rnn;

/// <summary>Where the reset gate of a GRU acts.</summary>
public enum GruReset
{
    /// <summary>On the state, before its product with U (Cho et al. 2014, the published compressed GRUs). Biases: 3 H.</summary>
    Before,

    /// <summary>On the product, as in cuDNN and PyTorch, which has a bias of its own. Biases: 4 H.</summary>
    After,
}
