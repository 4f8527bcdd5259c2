namespace HTensor.Rnn;

/// <summary>The recurrent cells.</summary>
public enum CellKind
{
    /// <summary>Long short-term memory: gates i, f, g, o.</summary>
    Lstm,

    /// <summary>Gated recurrent unit: gates r, z, n.</summary>
    Gru,

    /// <summary>The plain cell, h = tanh(z + U^T h): one gate.</summary>
    Rnn,
}
