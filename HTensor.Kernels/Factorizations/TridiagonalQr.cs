using System.Numerics;

namespace HTensor.Kernels;

/// <summary>
/// Eigenvalues and vectors of a symmetric tridiagonal matrix by the implicit QR iteration with Wilkinson's shift (Golub and Van Loan 8.3). The
/// bulge goes from the larger end to the smaller.
/// </summary>
internal static unsafe class TridiagonalQr<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private const int SweepsOfValue = 40;

    /// <summary>After so many sweeps without a value, rounding is what keeps the last element from vanishing.</summary>
    private const int Patience = 12;

    /// <summary>d [n] becomes the values, not ordered; e [n - 1] is lost. The batch rotates the transposed vectors.</summary>
    public static FactorizationStatus Run(int n, double* d, double* e, RotationBatch<T> batch)
    {
        var largest = 0.0;
        for (var i = 0; i < n; i++) largest = double.Max(largest, double.Max(double.Abs(d[i]), i + 1 < n ? double.Abs(e[i]) : 0));
        var tolerance = largest * (typeof(T) == typeof(float) ? 3e-8 : 1.2e-16);
        var (high, waited) = (n - 1, 0);
        for (var sweeps = (long)SweepsOfValue * n; sweeps > 0; sweeps--)
        {
            while (high > 0 && double.Abs(e[high - 1]) <= tolerance) (high, waited) = (high - 1, 0);
            if (high == 0)
            {
                batch.Flush();
                return FactorizationStatus.Converged;
            }

            var low = high - 1;
            while (low > 0 && !(double.Abs(e[low - 1]) <= tolerance)) low--;
            if (double.Abs(d[low]) >= double.Abs(d[high])) Down(low, high, d, e, batch);
            else Up(low, high, d, e, batch);
            if (++waited % Patience == 0) tolerance *= 2;
        }

        batch.Flush();
        return FactorizationStatus.NotConverged;
    }

    private static void Down(int low, int high, double* d, double* e, RotationBatch<T> batch)
    {
        batch.Begin(low, high, down: true);
        var g = d[low] - Shift(d[high], e[high - 1], d[high - 1]);
        double s = 1, c = 1, p = 0;
        for (var i = low; i < high; i++)
        {
            var (f, b) = (s * e[i], c * e[i]);
            var rotation = new Rotation(g, f);
            if (i != low) e[i - 1] = rotation.R;
            (c, s) = (rotation.C, rotation.S);
            g = d[i] - p;
            var r = (d[i + 1] - g) * s + 2 * c * b;
            p = s * r;
            d[i] = g + p;
            g = c * r - b;
            batch.Set(i, c, s);
        }

        d[high] -= p;
        e[high - 1] = g;
    }

    private static void Up(int low, int high, double* d, double* e, RotationBatch<T> batch)
    {
        batch.Begin(low, high, down: false);
        var g = d[high] - Shift(d[low], e[low], d[low + 1]);
        double s = 1, c = 1, p = 0;
        for (var i = high - 1; i >= low; i--)
        {
            var (f, b) = (s * e[i], c * e[i]);
            var rotation = new Rotation(g, f);
            if (i != high - 1) e[i + 1] = rotation.R;
            (c, s) = (rotation.C, rotation.S);
            g = d[i + 1] - p;
            var r = (d[i] - g) * s + 2 * c * b;
            p = s * r;
            d[i + 1] = g + p;
            g = c * r - b;
            batch.Set(i, c, -s);
        }

        d[low] -= p;
        e[low] = g;
    }

    /// <summary>The eigenvalue of [a b; b c] that is nearer to a.</summary>
    private static double Shift(double a, double b, double c)
    {
        var half = (c - a) / 2;
        if (half == 0) return a - double.Abs(b);
        var size = double.Max(double.Abs(half), double.Abs(b));
        var root = size * double.Sqrt(half / size * (half / size) + b / size * (b / size));
        return a - b / (half + double.CopySign(root, half)) * b;
    }
}
