namespace HTensor.Rnn;

/// <summary>Which way a frame looks.</summary>
internal enum Facing
{
    AsItIs,
    Mirrored,
}

/// <summary>Frames moved and mirrored, their edges repeated: out[y, x] = in[y - down, x - right], mirrored in[y - down, width - 1 - (x - right)].</summary>
internal sealed class FrameMove
{
    private readonly int _height, _width, _pixel;

    /// <param name="shape">[values], [height, width] or [height, width, channels]; other frames do not move.</param>
    /// <param name="element">Bytes of a value.</param>
    public FrameMove(IReadOnlyList<int> shape, int element)
    {
        (_height, _width, var channels) = shape switch
        {
            [var values] => (1, values, 1),
            [var height, var width] => (height, width, 1),
            [var height, var width, var c] => (height, width, c),
            _ => (1, 1, SequenceExtent.FrameSizeOf(shape)),
        };
        _pixel = channels * element;
    }

    public void Apply(ReadOnlySpan<byte> source, Span<byte> destination, int down, int right, Facing facing)
    {
        var row = _width * _pixel;
        for (var y = 0; y < _height; y++)
        {
            var from = source.Slice(Math.Clamp(y - down, 0, _height - 1) * row, row);
            var to = destination.Slice(y * row, row);
            if (facing == Facing.AsItIs) Move(from, to, right);
            else Mirror(from, to, right);
        }
    }

    private void Move(ReadOnlySpan<byte> from, Span<byte> to, int right)
    {
        var (first, end) = (Math.Clamp(right, 0, _width), Math.Clamp(_width + right, 0, _width));
        if (first < end) from.Slice((first - right) * _pixel, (end - first) * _pixel).CopyTo(to[(first * _pixel)..]);
        for (var x = 0; x < first; x++) from[.._pixel].CopyTo(to[(x * _pixel)..]);
        for (var x = end; x < _width; x++) from[^_pixel..].CopyTo(to[(x * _pixel)..]);
    }

    private void Mirror(ReadOnlySpan<byte> from, Span<byte> to, int right)
    {
        for (var x = 0; x < _width; x++)
            from.Slice(Math.Clamp(_width - 1 - (x - right), 0, _width - 1) * _pixel, _pixel).CopyTo(to[(x * _pixel)..]);
    }
}
