using System.Numerics;

namespace HTensor.Kernels;

/// <summary>
/// Singular values and vectors of an upper bidiagonal matrix by the implicit QR iteration, with the shift of the end that converges or none where
/// it would not be seen (Demmel and Kahan 1990; Golub and Van Loan 8.6). The bulge goes from the larger end to the smaller.
/// </summary>
internal unsafe ref struct BidiagonalQr<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private const int SweepsOfValue = 40;

    /// <summary>After so many sweeps without a value, rounding is what keeps the last element from vanishing.</summary>
    private const int Patience = 12;

    private double* _d;
    private double* _e;
    private double _tolerance;
    private RotationBatch<T> _left;
    private RotationBatch<T> _right;

    /// <summary>d [n] becomes the values, neither ordered nor positive; e [n - 1] is lost. The batches rotate U^T and V^T.</summary>
    public static FactorizationStatus Run(int n, double* d, double* e, RotationBatch<T> left, RotationBatch<T> right)
    {
        var largest = 0.0;
        for (var i = 0; i < n; i++) largest = double.Max(largest, double.Max(double.Abs(d[i]), i + 1 < n ? double.Abs(e[i]) : 0));
        var iteration = new BidiagonalQr<T>
        {
            _d = d,
            _e = e,
            _left = left,
            _right = right,
            _tolerance = largest * (typeof(T) == typeof(float) ? 3e-8 : 1.2e-16),
        };
        var status = iteration.Run(n);
        left.Flush();
        right.Flush();
        return status;
    }

    private FactorizationStatus Run(int n)
    {
        var (high, waited) = (n - 1, 0);
        for (var sweeps = (long)SweepsOfValue * n; sweeps > 0; sweeps--)
        {
            while (high > 0 && Negligible(high - 1)) (high, waited) = (high - 1, 0);
            if (high == 0) return FactorizationStatus.Converged;
            var low = high - 1;
            while (low > 0 && !Negligible(low - 1)) low--;
            Sweep(low, high);
            if (++waited % Patience == 0) _tolerance *= 2;
        }

        return FactorizationStatus.NotConverged;
    }

    private readonly bool Negligible(int i)
    {
        if (!(double.Abs(_e[i]) <= _tolerance)) return false;
        _e[i] = 0;
        return true;
    }

    private readonly void Sweep(int low, int high)
    {
        var down = double.Abs(_d[low]) >= double.Abs(_d[high]);
        _left.Begin(low, high, down);
        _right.Begin(low, high, down);
        var shift = Shift(low, high, down);
        if (shift == 0 && down) DownUnshifted(low, high);
        else if (shift == 0) UpUnshifted(low, high);
        else if (down) Down(low, high, shift);
        else Up(low, high, shift);
    }

    private readonly double Shift(int low, int high, bool down)
    {
        for (var i = low; i <= high; i++)
        {
            if (double.Abs(_d[i]) <= _tolerance) return 0;
        }

        var shift = down ? SmallerValue(_d[high - 1], _e[high - 1], _d[high]) : SmallerValue(_d[low], _e[low], _d[low + 1]);
        var end = double.Abs(down ? _d[low] : _d[high]);
        return shift / end * (shift / end) < 1e-16 ? 0 : shift;
    }

    /// <summary>The smaller singular value of [f g; 0 h].</summary>
    private static double SmallerValue(double f, double g, double h)
    {
        (f, g, h) = (double.Abs(f), double.Abs(g), double.Abs(h));
        var (low, high) = (double.Min(f, h), double.Max(f, h));
        if (low == 0) return 0;
        if (g < high)
        {
            var (sum, difference, ratio) = (1 + low / high, (high - low) / high, g / high);
            return low * 2 / (double.Sqrt(sum * sum + ratio * ratio) + double.Sqrt(difference * difference + ratio * ratio));
        }
        else
        {
            var ratio = high / g;
            if (ratio == 0) return low * high / g;
            var (sum, difference) = ((1 + low / high) * ratio, (high - low) / high * ratio);
            return 2 * (low / (double.Sqrt(1 + sum * sum) + double.Sqrt(1 + difference * difference))) * ratio;
        }
    }

    private readonly void Down(int low, int high, double shift)
    {
        double* d = _d, e = _e;
        var f = (double.Abs(d[low]) - shift) * (double.CopySign(1, d[low]) + shift / d[low]);
        var g = e[low];
        for (var i = low; i < high; i++)
        {
            var right = new Rotation(f, g);
            if (i > low) e[i - 1] = right.R;
            f = right.C * d[i] + right.S * e[i];
            e[i] = right.C * e[i] - right.S * d[i];
            g = right.S * d[i + 1];
            d[i + 1] *= right.C;
            var left = new Rotation(f, g);
            d[i] = left.R;
            f = left.C * e[i] + left.S * d[i + 1];
            d[i + 1] = left.C * d[i + 1] - left.S * e[i];
            if (i + 1 < high)
            {
                g = left.S * e[i + 1];
                e[i + 1] *= left.C;
            }

            _right.Set(i, right.C, right.S);
            _left.Set(i, left.C, left.S);
        }

        e[high - 1] = f;
    }

    private readonly void Up(int low, int high, double shift)
    {
        double* d = _d, e = _e;
        var f = (double.Abs(d[high]) - shift) * (double.CopySign(1, d[high]) + shift / d[high]);
        var g = e[high - 1];
        for (var i = high; i > low; i--)
        {
            var left = new Rotation(f, g);
            if (i < high) e[i] = left.R;
            f = left.C * d[i] + left.S * e[i - 1];
            e[i - 1] = left.C * e[i - 1] - left.S * d[i];
            g = left.S * d[i - 1];
            d[i - 1] *= left.C;
            var right = new Rotation(f, g);
            d[i] = right.R;
            f = right.C * e[i - 1] + right.S * d[i - 1];
            d[i - 1] = right.C * d[i - 1] - right.S * e[i - 1];
            if (i > low + 1)
            {
                g = right.S * e[i - 2];
                e[i - 2] *= right.C;
            }

            _left.Set(i - 1, left.C, -left.S);
            _right.Set(i - 1, right.C, -right.S);
        }

        e[low] = f;
    }

    private readonly void DownUnshifted(int low, int high)
    {
        double* d = _d, e = _e;
        double c = 1, oldC = 1, oldS = 0;
        for (var i = low; i < high; i++)
        {
            var right = new Rotation(d[i] * c, e[i]);
            c = right.C;
            if (i > low) e[i - 1] = oldS * right.R;
            var left = new Rotation(oldC * right.R, d[i + 1] * right.S);
            (oldC, oldS, d[i]) = (left.C, left.S, left.R);
            _right.Set(i, right.C, right.S);
            _left.Set(i, left.C, left.S);
        }

        var h = d[high] * c;
        d[high] = h * oldC;
        e[high - 1] = h * oldS;
    }

    private readonly void UpUnshifted(int low, int high)
    {
        double* d = _d, e = _e;
        double c = 1, oldC = 1, oldS = 0;
        for (var i = high; i > low; i--)
        {
            var left = new Rotation(d[i] * c, e[i - 1]);
            c = left.C;
            if (i < high) e[i] = oldS * left.R;
            var right = new Rotation(oldC * left.R, d[i - 1] * left.S);
            (oldC, oldS, d[i]) = (right.C, right.S, right.R);
            _left.Set(i - 1, left.C, -left.S);
            _right.Set(i - 1, right.C, -right.S);
        }

        var h = d[low] * c;
        d[low] = h * oldC;
        e[low] = h * oldS;
    }
}
