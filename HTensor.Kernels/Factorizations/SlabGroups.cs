using System.Numerics;

namespace HTensor.Kernels;

/// <summary>
/// The triangle of a tall matrix in a tree of two levels: groups of slabs, each reduced on one thread, then their triangles in order. How many groups
/// there are depends on the matrix alone, so bits do not depend on the threads. Demmel, Grigori, Hoemmen and Langou 2012.
/// </summary>
internal sealed unsafe class SlabGroups<T> : IParallelBody
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private const int SlabsOfGroup = 8;
    private const int MostGroups = 16;

    [ThreadStatic]
    private static SlabGroups<T>? _ofThread;

    private MatrixView<T> _a;
    private int _rows;
    private int _columns;
    private int _rowsOfGroup;
    private T* _triangles;

    public static void Run(int rows, int columns, in MatrixView<T> a, in MatrixView<T> r, ThreadTeam team)
    {
        var scratch = FactorScratch.OfThread;
        using var scope = scratch.Open();
        var triangle = new SlabTriangle<T>(columns, scratch.Take<T>(SlabTriangle<T>.Length(columns)));
        var slab = SlabTriangle<T>.RowsOfSlab(columns);
        var slabs = (rows + slab - 1) / slab;
        var groups = int.Min(slabs / SlabsOfGroup, MostGroups);
        if (groups < 2)
        {
            triangle.Add(rows, a, team);
        }
        else
        {
            var run = _ofThread ??= new SlabGroups<T>();
            (run._a, run._rows, run._columns) = (a, rows, columns);
            run._rowsOfGroup = (slabs + groups - 1) / groups * slab;
            run._triangles = scratch.Take<T>((nint)groups * columns * columns);
            groups = (rows + run._rowsOfGroup - 1) / run._rowsOfGroup;
            team.Run(run, groups);
            for (var g = 0; g < groups; g++)
            {
                var view = DenseProduct.RowMajor(run._triangles + (nint)g * columns * columns, columns);
                triangle.Add(int.Min(columns, rows - g * run._rowsOfGroup), view, team);
            }
        }

        triangle.Write(r);
    }

    void IParallelBody.Run(int index, int worker)
    {
        var scratch = FactorScratch.OfThread;
        using var scope = scratch.Open();
        var triangle = new SlabTriangle<T>(_columns, scratch.Take<T>(SlabTriangle<T>.Length(_columns)));
        var first = index * _rowsOfGroup;
        triangle.Add(int.Min(_rowsOfGroup, _rows - first), _a.At(first, 0), ThreadTeam.Inline);
        triangle.Write(DenseProduct.RowMajor(_triangles + (nint)index * _columns * _columns, _columns));
    }
}
