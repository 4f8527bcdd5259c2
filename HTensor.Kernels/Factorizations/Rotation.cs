namespace HTensor.Kernels;

/// <summary>The plane rotation [c s; -s c] [f; g] = [r; 0].</summary>
internal readonly struct Rotation
{
    /// <summary>2^-450: below, squares vanish.</summary>
    private const double Tiny = 3.4e-136;

    /// <summary>2^550.</summary>
    private const double Huge = 3.7e165;

    public readonly double C;
    public readonly double S;
    public readonly double R;

    public Rotation(double f, double g)
    {
        (C, S, R) = (1, 0, f);
        if (g == 0) return;
        var scale = double.Max(double.Abs(f), double.Abs(g)) < Tiny ? Huge : 1;
        f *= scale;
        g *= scale;
        var r = double.Sqrt(f * f + g * g);
        (C, S, R) = (f / r, g / r, r / scale);
    }
}
