namespace HTensor.Rnn;

/// <summary>What the object of a generated clip does, as seen on the screen: north is up, clockwise is as a clock's hands go.</summary>
public enum MotionClass
{
    East,
    SouthEast,
    South,
    SouthWest,
    West,
    NorthWest,
    North,
    NorthEast,
    Still,
    Clockwise,
    Anticlockwise,
}
