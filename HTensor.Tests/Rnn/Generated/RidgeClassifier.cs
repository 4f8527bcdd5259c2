using MathNet.Numerics.LinearAlgebra;

namespace HTensor.Tests;

/// <summary>argmax_c of w_c x + b_c, with W = (X'X + penalty I)^-1 X'Y on standardized features and one-hot classes.</summary>
internal sealed class RidgeClassifier
{
    private readonly Matrix<double> _weights;
    private readonly double[] _mean;
    private readonly double[] _scale;

    private RidgeClassifier(Matrix<double> weights, double[] mean, double[] scale)
    {
        _weights = weights;
        _mean = mean;
        _scale = scale;
    }

    public static RidgeClassifier Fit(double[][] samples, int[] labels, int classes, double penalty)
    {
        var features = samples[0].Length;
        var mean = Enumerable.Range(0, features).Select(j => samples.Average(x => x[j])).ToArray();
        var scale = Enumerable.Range(0, features).Select(j => 1 / Math.Sqrt(samples.Average(x => (x[j] - mean[j]) * (x[j] - mean[j])) + 1e-12)).ToArray();
        var x = Standardize(samples, mean, scale);
        var y = Matrix<double>.Build.Dense(samples.Length, classes, (i, c) => labels[i] == c ? 1 : 0);
        var gram = x.TransposeThisAndMultiply(x) + penalty * Matrix<double>.Build.DenseIdentity(features + 1);
        return new(gram.Cholesky().Solve(x.TransposeThisAndMultiply(y)), mean, scale);
    }

    public int CountCorrect(double[][] samples, int[] labels)
    {
        var scores = Standardize(samples, _mean, _scale) * _weights;
        return Enumerable.Range(0, samples.Length).Count(i => scores.Row(i).MaximumIndex() == labels[i]);
    }

    private static Matrix<double> Standardize(double[][] samples, double[] mean, double[] scale) =>
        Matrix<double>.Build.Dense(samples.Length, mean.Length + 1, (i, j) => j == mean.Length ? 1 : (samples[i][j] - mean[j]) * scale[j]);
}
