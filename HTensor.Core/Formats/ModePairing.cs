namespace HTensor.Core;

/// <summary>How a format takes the modes of the two sides of a matrix.</summary>
public enum ModePairing
{
    /// <summary>Input mode k and output mode k share a core, so both sides have the same order.</summary>
    Paired,

    /// <summary>Every mode has a core of its own; the sides may differ in order.</summary>
    Free,

    /// <summary>Each side is taken as one mode.</summary>
    Whole,
}
