using HTensor.Kernels;

namespace HTensor.Core;

/// <summary>What is done with the columns of an unfolding, some at a time.</summary>
internal interface IColumnVisitor
{
    /// <summary>The columns of <paramref name="outers"/> outer indices from <paramref name="outer"/> on, each with inner indices from <paramref name="inner"/> on, in this order.</summary>
    void Visit(MatrixOperand<double> block, int columns, long outer, int outers, long inner);
}

/// <summary>
/// A tensor [outer, rows, inner] as the matrix [rows, outer inner] of its middle mode, read block by block where it lies. The cut depends on the
/// shape alone.
/// </summary>
internal sealed class Unfolding(IDenseSource source, long outer, int rows, long inner)
{
    /// <summary>From so many columns on, and some times the rows, an outer index makes a block of strides alone; fewer are gathered by a table.</summary>
    private const int LongInner = 256;

    private const int MostTableColumns = 1 << 16;

    public IDenseSource Source => source;

    public int Rows => rows;

    public long Outer => outer;

    public long Inner => inner;

    public long Columns => outer * inner;

    public void Visit(IColumnVisitor visitor, DenseBuffer buffer)
    {
        if (outer == 1 || rows * inner > DenseBuffer.Aim || inner >= Math.Max(LongInner, 4 * rows)) VisitParts(visitor, buffer);
        else VisitGroups(visitor, buffer);
    }

    /// <summary>The whole matrix at once.</summary>
    public void VisitWhole(IColumnVisitor visitor, DenseBuffer buffer) => VisitGroup(visitor, 0, checked((int)outer), buffer);

    private void VisitParts(IColumnVisitor visitor, DenseBuffer buffer)
    {
        var part = Math.Clamp(DenseBuffer.Aim / rows, 1, inner);
        for (long o = 0; o < outer; o++)
        {
            for (long c = 0; c < inner; c += part)
            {
                var count = (int)Math.Min(part, inner - c);
                var block = source.Read(o * rows * inner + c, rows, inner, count, buffer);
                visitor.Visit(new MatrixOperand<double>(block.Data, block.Stride, 1), count, o, 1, c);
            }
        }
    }

    private void VisitGroups(IColumnVisitor visitor, DenseBuffer buffer)
    {
        var group = (int)Math.Clamp(Math.Min(DenseBuffer.Aim / (rows * inner), MostTableColumns / inner), 1, outer);
        for (long o = 0; o < outer; o += group) VisitGroup(visitor, o, (int)Math.Min(group, outer - o), buffer);
    }

    private void VisitGroup(IColumnVisitor visitor, long first, int outers, DenseBuffer buffer)
    {
        var length = checked((int)(outers * rows * inner));
        var block = source.Read(first * rows * inner, 1, length, length, buffer);
        var columns = (int)(outers * inner);
        if (outers == 1) visitor.Visit(new MatrixOperand<double>(block.Data, (nint)inner, 1), columns, first, 1, 0);
        else if (inner == 1) visitor.Visit(new MatrixOperand<double>(block.Data, 1, rows), columns, first, outers, 0);
        else visitor.Visit(new MatrixOperand<double>(block.Data, Offsets(rows, (int)inner, 1, 0), Offsets(outers, (int)(rows * inner), (int)inner, 1)), columns, first, outers, 0);
    }

    /// <summary>i * stride + j * step, j fastest.</summary>
    internal static int[] Offsets(int count, int stride, int steps, int step)
    {
        var offsets = new int[count * steps];
        for (var i = 0; i < count; i++)
        {
            for (var j = 0; j < steps; j++) offsets[i * steps + j] = i * stride + j * step;
        }

        return offsets;
    }
}
