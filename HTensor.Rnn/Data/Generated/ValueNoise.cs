namespace HTensor.Rnn;

/// <summary>
/// Value noise: random bytes on a lattice of <paramref name="columns"/> x <paramref name="rows"/> cells of 2^<paramref name="cellShift"/> pixels,
/// interpolated linearly between them and repeating at the ends.
/// </summary>
internal readonly ref struct ValueNoise(ReadOnlySpan<byte> lattice, int columns, int rows, int cellShift)
{
    private readonly ReadOnlySpan<byte> _lattice = lattice;

    public static void Fill(Span<byte> lattice, ref ClipRandom random)
    {
        foreach (ref var value in lattice) value = (byte)(random.Next() >> 24);
    }

    /// <summary>row[x] += weight * noise(x, y), noise 0 to 255, for the columns * 2^cellShift pixels of row <paramref name="y"/>.</summary>
    public void AddRow(int y, int weight, Span<int> row)
    {
        var above = y >> cellShift;
        var below = above + 1 == rows ? 0 : above + 1;
        var top = _lattice.Slice(above * columns, columns);
        var bottom = _lattice.Slice(below * columns, columns);
        var down = y & ((1 << cellShift) - 1);
        var left = Mix(top[0], bottom[0], down);
        for (var column = 0; column < columns; column++)
        {
            var next = column + 1 == columns ? 0 : column + 1;
            var right = Mix(top[next], bottom[next], down);
            var cell = row.Slice(column << cellShift, 1 << cellShift);
            for (var k = 0; k < cell.Length; k++) cell[k] += weight * Mix(left, right, k);
            left = right;
        }
    }

    private int Mix(int from, int to, int fraction) => from + (((to - from) * fraction) >> cellShift);
}
