namespace HTensor.Rnn;

/// <summary>Eigenvalues of small symmetric matrices by Jacobi's rotations, in double.</summary>
internal static class SmallEigen
{
    private const int Sweeps = 60;
    private const double Negligible = 1e-28;

    /// <summary>Those of A B for positive semidefinite A and B [size, size], the largest first: of D^(1/2) Q^T B Q D^(1/2) with A = Q D Q^T.</summary>
    public static double[] OfProduct(double[] a, double[] b, int size)
    {
        var (d, q) = Decompose(a, size);
        var s = new double[size * size];
        for (var i = 0; i < size; i++)
        {
            for (var j = 0; j < size; j++)
            {
                var sum = 0.0;
                for (var k = 0; k < size; k++)
                {
                    for (var l = 0; l < size; l++) sum += q[k * size + i] * b[k * size + l] * q[l * size + j];
                }

                s[i * size + j] = sum * Math.Sqrt(Math.Max(0, d[i]) * Math.Max(0, d[j]));
            }
        }

        return [.. Decompose(s, size).Values.OrderDescending()];
    }

    /// <summary>A = Q diag(values) Q^T; A is read as (A + A^T) / 2.</summary>
    public static (double[] Values, double[] Vectors) Decompose(double[] matrix, int size)
    {
        var (a, q) = (new double[size * size], new double[size * size]);
        for (var i = 0; i < size; i++)
        {
            q[i * size + i] = 1;
            for (var j = 0; j < size; j++) a[i * size + j] = (matrix[i * size + j] + matrix[j * size + i]) / 2;
        }

        for (var sweep = 0; sweep < Sweeps && OffDiagonal(a, size) > Negligible * Diagonal(a, size); sweep++)
        {
            for (var i = 0; i < size; i++)
            {
                for (var j = i + 1; j < size; j++) Rotate(a, q, size, i, j);
            }
        }

        return ([.. Enumerable.Range(0, size).Select(i => a[i * size + i])], q);
    }

    private static void Rotate(double[] a, double[] q, int size, int i, int j)
    {
        var off = a[i * size + j];
        if (off == 0) return;
        var theta = (a[j * size + j] - a[i * size + i]) / (2 * off);
        var t = (theta < 0 ? -1 : 1) / (Math.Abs(theta) + Math.Sqrt(theta * theta + 1));
        var c = 1 / Math.Sqrt(t * t + 1);
        var s = t * c;
        for (var k = 0; k < size; k++) (a[k * size + i], a[k * size + j]) = (c * a[k * size + i] - s * a[k * size + j], s * a[k * size + i] + c * a[k * size + j]);
        for (var k = 0; k < size; k++) (a[i * size + k], a[j * size + k]) = (c * a[i * size + k] - s * a[j * size + k], s * a[i * size + k] + c * a[j * size + k]);
        for (var k = 0; k < size; k++) (q[k * size + i], q[k * size + j]) = (c * q[k * size + i] - s * q[k * size + j], s * q[k * size + i] + c * q[k * size + j]);
    }

    private static double OffDiagonal(double[] a, int size) => Enumerable.Range(0, size * size).Where(i => i / size != i % size).Sum(i => a[i] * a[i]);

    private static double Diagonal(double[] a, int size) => Enumerable.Range(0, size).Sum(i => a[i * size + i] * a[i * size + i]);
}
