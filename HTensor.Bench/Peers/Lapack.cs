using System.Runtime.InteropServices;

namespace HTensor.Bench;

/// <summary>The LAPACK routines that come with OpenBLAS, through the Fortran interface: column-major, workspaces kept between calls.</summary>
internal sealed unsafe class Lapack
{
    private readonly nint _library;
    private readonly Dictionary<string, nint> _routines = [];
    private readonly int[] _integers = GC.AllocateArray<int>(1 << 14, pinned: true);
    private double[] _work = GC.AllocateArray<double>(1 << 10, pinned: true);

    private Lapack(nint library) => _library = library;

    /// <summary>None where the library was built without LAPACK.</summary>
    public static Lapack? TryCreate(nint library) => NativeLibrary.TryGetExport(library, "dgesdd_", out _) ? new(library) : null;

    public void Geqrf<T>(int rows, int columns, T[] a, T[] tau)
        where T : unmanaged => Reflectors("geqrf", rows, columns, 0, a, rows, tau);

    public void Orgqr<T>(int rows, int columns, T[] a, T[] tau)
        where T : unmanaged => Reflectors("orgqr", rows, columns, columns, a, rows, tau);

    public void Gelqf<T>(int rows, int columns, T[] a, T[] tau)
        where T : unmanaged => Reflectors("gelqf", rows, columns, 0, a, rows, tau);

    public void Orglq<T>(int rows, int columns, T[] a, T[] tau)
        where T : unmanaged => Reflectors("orglq", rows, columns, rows, a, rows, tau);

    public void Gesdd<T>(int rows, int columns, T[] a, T[] values, T[] u, T[] vt)
        where T : unmanaged
    {
        var routine = (delegate* unmanaged<byte*, int*, int*, void*, int*, void*, void*, int*, void*, int*, void*, int*, int*, int*, nint, void>)Routine<T>("gesdd");
        var (job, k, size, info) = ((byte)'S', int.Min(rows, columns), -1, 0);
        fixed (T* pa = a, ps = values, pu = u, pvt = vt)
        fixed (int* integers = _integers)
        {
            fixed (double* query = _work) routine(&job, &rows, &columns, pa, &rows, ps, pu, &rows, pvt, &k, query, &size, integers, &info, 1);
            size = Workspace<T>();
            fixed (double* work = _work) routine(&job, &rows, &columns, pa, &rows, ps, pu, &rows, pvt, &k, work, &size, integers, &info, 1);
        }

        Check("gesdd", info);
    }

    public void Syevd<T>(int n, T[] a, T[] values)
        where T : unmanaged
    {
        var routine = (delegate* unmanaged<byte*, byte*, int*, void*, int*, void*, void*, int*, int*, int*, int*, nint, nint, void>)Routine<T>("syevd");
        var (job, triangle, size, integerSize, info) = ((byte)'V', (byte)'U', -1, _integers.Length, 0);
        fixed (T* pa = a, pv = values)
        fixed (int* integers = _integers)
        {
            fixed (double* query = _work) routine(&job, &triangle, &n, pa, &n, pv, query, &size, integers, &integerSize, &info, 1, 1);
            (size, integerSize) = (Workspace<T>(), _integers.Length);
            fixed (double* work = _work) routine(&job, &triangle, &n, pa, &n, pv, work, &size, integers, &integerSize, &info, 1, 1);
        }

        Check("syevd", info);
    }

    /// <summary>xGEQRF, xGELQF (m, n, a, lda, tau, work, lwork, info); xORGQR, xORGLQ with k after n.</summary>
    private void Reflectors<T>(string name, int rows, int columns, int count, T[] a, int leading, T[] tau)
        where T : unmanaged
    {
        var (size, info) = (-1, 0);
        fixed (T* pa = a, pt = tau)
        {
            for (var pass = 0; pass < 2; pass++, size = Workspace<T>())
            {
                fixed (double* work = _work)
                {
                    if (count == 0) ((delegate* unmanaged<int*, int*, void*, int*, void*, void*, int*, int*, void>)Routine<T>(name))(&rows, &columns, pa, &leading, pt, work, &size, &info);
                    else ((delegate* unmanaged<int*, int*, int*, void*, int*, void*, void*, int*, int*, void>)Routine<T>(name))(&rows, &columns, &count, pa, &leading, pt, work, &size, &info);
                }
            }
        }

        Check(name, info);
    }

    /// <summary>The size that a query left in the workspace's first element; the workspace has it.</summary>
    private int Workspace<T>()
        where T : unmanaged
    {
        int size;
        fixed (double* work = _work) size = typeof(T) == typeof(float) ? (int)*(float*)work : (int)*work;
        if (_work.Length < size) _work = GC.AllocateArray<double>(size, pinned: true);
        return size;
    }

    private nint Routine<T>(string name)
        where T : unmanaged
    {
        var full = (typeof(T) == typeof(float) ? "s" : "d") + name + "_";
        if (!_routines.TryGetValue(full, out var routine)) _routines[full] = routine = NativeLibrary.GetExport(_library, full);
        return routine;
    }

    private static void Check(string name, int info)
    {
        if (info != 0) throw new InvalidOperationException($"LAPACK's {name}: expected info 0, found {info}");
    }
}
