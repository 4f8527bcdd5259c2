namespace HTensor.Rnn;

/// <summary>What compression did.</summary>
/// <param name="Matrices">Each matrix that was compressed.</param>
/// <param name="Counts">Stored numbers of the compressed model against those of the dense one.</param>
/// <param name="RelativeErrorOfOutputs">||h - h'|| / ||h|| over the states of the last layer at every step of the calibration set; null without one.</param>
public sealed record CompressionReport(IReadOnlyList<MatrixCompression> Matrices, ParameterCounts Counts, double? RelativeErrorOfOutputs)
{
    /// <summary>Numbers of the compressed matrices, dense.</summary>
    public long DenseParameters => Matrices.Sum(matrix => matrix.DenseParameters);

    /// <summary>Numbers of the compressed matrices as they are stored.</summary>
    public long Parameters => Matrices.Sum(matrix => matrix.Parameters);

    /// <summary>||W - W'|| / ||W|| over all matrices together, in the Frobenius norm.</summary>
    public double RelativeErrorOfWeights => Math.Sqrt(Matrices.Sum(matrix => matrix.SquaredError) / Matrices.Sum(matrix => matrix.SquaredNorm));
}

/// <summary>What became of one matrix.</summary>
/// <param name="Matrix">Its name, format and cores.</param>
/// <param name="SquaredNorm">||W||^2</param>
/// <param name="SquaredError">||W - W'||^2</param>
/// <param name="RelativeErrorOfProducts">The root mean square error of x W' relative to that of x W over the calibration set; null without one.</param>
public sealed record MatrixCompression(LayerMatrix Matrix, double SquaredNorm, double SquaredError, double? RelativeErrorOfProducts)
{
    public long DenseParameters => (long)Rows * Matrix.Layout.Network.Modes.Columns;

    public long Parameters => Matrix.Layout.Network.ParameterCount;

    /// <summary>Rows that multiply nothing, because the sides' sizes factor badly.</summary>
    public int Padding => Matrix.Layout.Network.Modes.Rows - Rows;

    /// <summary>||W - W'|| / ||W||</summary>
    public double RelativeError => Math.Sqrt(SquaredError / SquaredNorm);

    /// <summary>Rows of W; of both matrices as one, N + H.</summary>
    public required int Rows { get; init; }
}
