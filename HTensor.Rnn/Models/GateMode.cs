namespace HTensor.Rnn;

/// <summary>Where the gates of a cell stand among the output modes of its weight matrix.</summary>
public enum GateMode
{
    /// <summary>The first mode holds them: m0 becomes gates x m0.</summary>
    First,

    /// <summary>The last mode holds them.</summary>
    Last,

    /// <summary>A mode of their own before all others.</summary>
    Own,
}
