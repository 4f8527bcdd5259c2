using HTensor.Kernels;

namespace HTensor.Core;

/// <summary>A row-major array with labelled modes.</summary>
internal sealed record LabelledTensor(double[] Values, IReadOnlyList<string> Labels, IReadOnlyList<int> Sizes)
{
    /// <summary>Places of all indices of some of the modes, row-major in the order given.</summary>
    public int[] Places(IEnumerable<string> labels)
    {
        int[] places = [0];
        foreach (var label in labels)
        {
            var mode = Labels.ToList().IndexOf(label);
            var stride = Sizes.Skip(mode + 1).Aggregate(1, (product, size) => product * size);
            places = [.. places.SelectMany(place => Enumerable.Range(0, Sizes[mode]).Select(i => place + i * stride))];
        }

        return places;
    }

    /// <summary>The same in another order of modes.</summary>
    public double[] Ordered(IEnumerable<string> labels) => [.. Places(labels).Select(place => Values[place])];

    public int SizeOf(string label) => Sizes[Labels.ToList().IndexOf(label)];

    /// <summary>
    /// The unfolding [some modes, the others] = U diag(s) V^T: as many columns of U [some, rank] as asked for, and the tensor [rank, others] of s V^T.
    /// Columns beyond the matrix's own are drawn, and multiply zeros: a fit may use them.
    /// </summary>
    /// <exception cref="ArithmeticException">The values are not finite.</exception>
    public (double[] Frame, double[] Remainder) Split(IReadOnlyList<string> some, int rank)
    {
        string[] others = [.. Labels.Except(some)];
        int[] rows = Places(some), columns = Places(others);
        var k = Math.Min(rows.Length, columns.Length);
        double[] u = new double[rows.Length * k], s = new double[k], vt = new double[k * columns.Length];
        if (Svd.Factor<double>(rows.Length, columns.Length, new MatrixOperand<double>(Values, rows, columns), u, s, vt, ThreadTeam.Inline) != FactorizationStatus.Converged)
            throw new ArithmeticException("singular values: expected finite numbers, found others");
        var (frame, rest) = (new double[rows.Length * rank], new double[rank * columns.Length]);
        if (rank > k) new Philox((ulong)rank).FillNormal<double>(frame, 1 / Math.Sqrt(rows.Length));
        for (var row = 0; row < rows.Length; row++) u.AsSpan(row * k, Math.Min(k, rank)).CopyTo(frame.AsSpan(row * rank));
        for (var i = 0; i < Math.Min(k, rank); i++)
        {
            for (var column = 0; column < columns.Length; column++) rest[i * columns.Length + column] = s[i] * vt[i * columns.Length + column];
        }

        return (frame, rest);
    }
}
