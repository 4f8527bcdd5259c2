using HTensor.Kernels;

namespace HTensor.Rnn;

/// <summary>A random orthogonal matrix: normal rows, each freed twice from those before it (classical Gram-Schmidt) and scaled to length 1.</summary>
internal static class OrthogonalMatrix
{
    /// <summary>Q [size, size], row-major; its rows are orthonormal, so its columns are too.</summary>
    public static double[] Draw(int size, Philox random)
    {
        var q = new double[size * size];
        random.FillNormal<double>(q, 1);
        var projections = new double[size];
        for (var row = 0; row < size; row++)
        {
            var vector = q.AsSpan(row * size, size);
            for (var pass = 0; pass < 2 && row > 0; pass++)
            {
                var before = new MatrixOperand<double>(q.AsSpan(0, row * size), size, 1);
                Gemm.Multiply(row, 1, size, before, new MatrixOperand<double>(vector, 1, 1), projections, 1, 1, Accumulation.Overwrite, ThreadTeam.Inline);
                for (var i = 0; i < row; i++) projections[i] = -projections[i];
                Gemm.Multiply(size, 1, row, before.Transposed, new MatrixOperand<double>(projections, 1, 1), vector, 1, 1, Accumulation.Add, ThreadTeam.Inline);
            }

            var norm = 0.0;
            foreach (var value in vector) norm += value * value;
            norm = double.Sqrt(norm);
            foreach (ref var value in vector) value /= norm;
        }

        return q;
    }
}
