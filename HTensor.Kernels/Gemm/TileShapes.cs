namespace HTensor.Kernels;

/// <summary>Rows and registers of a micro-kernel's tile, as types: the compiler drops what a shape does not have.</summary>
internal interface ITileShape
{
    static abstract int Rows { get; }

    static abstract int Vectors { get; }
}

internal readonly struct Tile12x2 : ITileShape
{
    public static int Rows => 12;

    public static int Vectors => 2;
}

internal readonly struct Tile8x2 : ITileShape
{
    public static int Rows => 8;

    public static int Vectors => 2;
}

internal readonly struct Tile4x2 : ITileShape
{
    public static int Rows => 4;

    public static int Vectors => 2;
}

internal readonly struct Tile2x2 : ITileShape
{
    public static int Rows => 2;

    public static int Vectors => 2;
}

internal readonly struct Tile1x2 : ITileShape
{
    public static int Rows => 1;

    public static int Vectors => 2;
}

internal readonly struct Tile8x1 : ITileShape
{
    public static int Rows => 8;

    public static int Vectors => 1;
}

internal readonly struct Tile4x1 : ITileShape
{
    public static int Rows => 4;

    public static int Vectors => 1;
}

internal readonly struct Tile2x1 : ITileShape
{
    public static int Rows => 2;

    public static int Vectors => 1;
}

internal readonly struct Tile1x1 : ITileShape
{
    public static int Rows => 1;

    public static int Vectors => 1;
}
