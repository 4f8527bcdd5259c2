namespace HTensor.Kernels;

/// <summary>How the rows of the left operand lie before the micro-kernel.</summary>
internal interface IPanelLayout
{
    static abstract bool Interleaved { get; }
}

/// <summary>Each row's elements side by side: a row-major operand as it is, or a copy of its rows.</summary>
internal readonly struct RowsContiguous : IPanelLayout
{
    public static bool Interleaved => false;
}

/// <summary>The rows' elements of one depth side by side: a column-major operand as it is, or a packed panel.</summary>
internal readonly struct RowsInterleaved : IPanelLayout
{
    public static bool Interleaved => true;
}
