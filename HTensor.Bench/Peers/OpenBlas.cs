using System.Runtime.InteropServices;
using System.Runtime.Intrinsics.X86;

namespace HTensor.Bench;

/// <summary>OpenBLAS, if the system has it. The bench alone calls native code.</summary>
internal sealed unsafe class OpenBlas
{
    public const string HowToInstall = "apt-get install libopenblas0";

    /// <summary>The environment variable that OpenBLAS reads when it is loaded.</summary>
    public const string CoreVariable = "OPENBLAS_CORETYPE";

    private const int RowMajor = 101;
    private const int NoTranspose = 111;

    private readonly delegate* unmanaged<int, int, int, int, int, int, float, float*, int, float*, int, float, float*, int, void> _single;
    private readonly delegate* unmanaged<int, int, int, int, int, int, double, double*, int, double*, int, double, double*, int, void> _double;

    private OpenBlas(nint library, int threads)
    {
        _single = (delegate* unmanaged<int, int, int, int, int, int, float, float*, int, float*, int, float, float*, int, void>)NativeLibrary.GetExport(library, "cblas_sgemm");
        _double = (delegate* unmanaged<int, int, int, int, int, int, double, double*, int, double*, int, double, double*, int, void>)NativeLibrary.GetExport(library, "cblas_dgemm");
        ((delegate* unmanaged<int, void>)NativeLibrary.GetExport(library, "openblas_set_num_threads"))(threads);
        Lapack = Lapack.TryCreate(library);
        Core = Marshal.PtrToStringUTF8(((delegate* unmanaged<nint>)NativeLibrary.GetExport(library, "openblas_get_corename"))()) ?? "unknown";
        Configuration = Marshal.PtrToStringUTF8(((delegate* unmanaged<nint>)NativeLibrary.GetExport(library, "openblas_get_config"))()) ?? "unknown";
    }

    /// <summary>
    /// The core with the instructions that we run with ourselves. Older versions take a new processor for an old one and then run old kernels; and
    /// .NET's switch for AVX-512 does not reach them.
    /// </summary>
    public static string? FairCore => Avx512F.IsSupported ? "SkylakeX" : Avx2.IsSupported ? "Haswell" : null;

    /// <summary>None where the library was built without it.</summary>
    public Lapack? Lapack { get; }

    public string Core { get; }

    public string Configuration { get; }

    public static OpenBlas? TryLoad(int threads)
    {
        if (Environment.GetEnvironmentVariable(CoreVariable) is null && FairCore is { } core) _ = SetEnvironment(CoreVariable, core, 1);
        return NativeLibrary.TryLoad("libopenblas.so.0", out var library) ? new(library, threads) : null;
    }

    public void Multiply<T>(int m, int n, int k, T[] a, T[] b, T[] c)
        where T : unmanaged
    {
        fixed (T* pa = a, pb = b, pc = c)
        {
            if (typeof(T) == typeof(float)) _single(RowMajor, NoTranspose, NoTranspose, m, n, k, 1, (float*)pa, k, (float*)pb, n, 0, (float*)pc, n);
            else _double(RowMajor, NoTranspose, NoTranspose, m, n, k, 1, (double*)pa, k, (double*)pb, n, 0, (double*)pc, n);
        }
    }

    // Environment.SetEnvironmentVariable does not reach native code.
    [DllImport("libc", EntryPoint = "setenv", CharSet = CharSet.Ansi, BestFitMapping = false, ThrowOnUnmappableChar = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int SetEnvironment(string name, string value, int overwrite);
}
