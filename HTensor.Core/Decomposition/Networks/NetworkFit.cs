namespace HTensor.Core;

/// <summary>
/// Alternating least squares: W of a network is linear in each core, so one core after another takes the value that brings W nearest to the target, all
/// others held. Conjugate gradients with the inverse of <see cref="BondGram"/>, which in the plain norm is the solution at once. The error never
/// grows; the work is bounded by sweeps, never by a clock. Any format, since a format is a network.
/// </summary>
internal sealed class NetworkFit
{
    /// <summary>Sweeps end where one lowers the squared error by less than this part of it.</summary>
    private const double LeastGain = 1e-3;

    /// <summary>Conjugate gradients end where what is left is this part of what was.</summary>
    private const double LeastResidual = 1e-12;

    private const int PlainIterations = 3;
    private const int WeightedIterations = 12;

    private readonly MatrixTarget _target;
    private readonly double[][] _cores;
    private readonly NetworkMatrix _matrix;
    private readonly BondGram[] _grams;
    private readonly double[] _image, _difference;
    private readonly int _iterations;

    public NetworkFit(MatrixNetwork network, double[][] cores, MatrixTarget target)
    {
        (_target, _cores) = (target, cores);
        _matrix = new NetworkMatrix(network, cores);
        _grams = [.. cores.Select((_, core) => new BondGram(network, core))];
        var length = network.Modes.Rows * network.Modes.Columns;
        (_image, _difference) = (new double[length], new double[length]);
        _iterations = !target.IsWeighted && network.Modes.Rows == target.Rows ? PlainIterations : WeightedIterations;
    }

    /// <summary>||W - target||^2.</summary>
    public double SquaredError => _target.SquaredError(_matrix.Value());

    /// <summary>Sweeps over all cores; the cores are overwritten.</summary>
    /// <returns>||W - target||^2</returns>
    public double Run(int sweeps)
    {
        var error = SquaredError;
        for (var sweep = 0; sweep < sweeps; sweep++)
        {
            var before = error;
            for (var core = 0; core < _cores.Length; core++) Solve(core);
            error = SquaredError;
            if (error <= 1e-24 * _target.SquaredNorm || before - error < LeastGain * before) break;
        }

        return error;
    }

    /// <summary>min over x of ||J x - target||^2: J^T C J x = J^T C target, from the core as it is.</summary>
    private void Solve(int core)
    {
        var x = _cores[core];
        double[] r = new double[x.Length], z = new double[x.Length], q = new double[x.Length];
        Residual(core, x, r);
        var factor = _grams[core].Factor(_cores);
        _grams[core].Solve(factor, r, z);
        double[] p = [.. z];
        var first = Dot(r, z);
        for (var (i, left) = (0, first); i < _iterations && left > LeastResidual * first && left > 0; i++)
        {
            _target.Apply(_matrix.With(core, p), _image);
            _matrix.Adjoint(_image, p, q);
            var curvature = Dot(p, q);
            if (!(curvature > 0)) break;
            var step = left / curvature;
            for (var k = 0; k < x.Length; k++) (x[k], r[k]) = (x[k] + step * p[k], r[k] - step * q[k]);
            _grams[core].Solve(factor, r, z);
            var next = Dot(r, z);
            for (var k = 0; k < p.Length; k++) p[k] = z[k] + next / left * p[k];
            left = next;
        }
    }

    /// <summary>J^T C (target - J x).</summary>
    private void Residual(int core, double[] x, double[] residual)
    {
        var w = _matrix.With(core, x);
        for (var i = 0; i < _target.Values.Length; i++) _difference[i] = _target.Values[i] - w[i];
        _target.Apply(_difference, _image);
        _matrix.Adjoint(_image, x, residual);
    }

    private static double Dot(double[] a, double[] b)
    {
        var sum = 0.0;
        for (var i = 0; i < a.Length; i++) sum += a[i] * b[i];
        return sum;
    }
}
