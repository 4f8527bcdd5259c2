namespace HTensor.Kernels;

/// <summary>The checks at the entry of a factorization.</summary>
internal static class FactorGuard
{
    public static void Operand<T>(int rows, int columns, in MatrixOperand<T> a)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(rows);
        ArgumentOutOfRangeException.ThrowIfNegative(columns);
        GemmGuard.Fits(nameof(a), a.Data.Length, rows, columns, a.RowStride, a.ColumnStride, a.RowOffsets, a.ColumnOffsets);
    }

    public static void Output<T>(string name, int rows, int columns, ReadOnlySpan<T> output, in MatrixOperand<T> a)
    {
        if (output.Length != (long)rows * columns) ThrowLength(name, rows, columns, output.Length);
        GemmGuard.Disjoint(a.Data, output, nameof(a));
    }

    /// <summary>An output that the caller may leave away.</summary>
    public static void OptionalOutput<T>(string name, int rows, int columns, ReadOnlySpan<T> output, in MatrixOperand<T> a)
    {
        if (!output.IsEmpty) Output(name, rows, columns, output, a);
    }

    public static void Apart<T>(string first, ReadOnlySpan<T> a, string second, ReadOnlySpan<T> b)
    {
        if (a.Overlaps(b)) throw new ArgumentException($"{first} and {second}: expected memory apart from each other, found spans that overlap", second);
    }

    private static void ThrowLength(string name, int rows, int columns, int found) =>
        throw new ArgumentException($"length of {name}: expected {rows} x {columns} = {(long)rows * columns}, found {found}", name);
}
