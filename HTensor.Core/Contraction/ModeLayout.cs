namespace HTensor.Core;

/// <summary>
/// Storage of labelled modes: which modes, and by how far each index of a mode moves an element. Row-major layouts have one stride a mode;
/// a mode may also have a table of its own (the gates of a cell, for example).
/// </summary>
internal sealed class ModeLayout
{
    private readonly Dictionary<int, int[]> _moves = [];

    /// <summary>Row-major, the first mode slowest.</summary>
    public ModeLayout(IReadOnlyList<int> modes, Func<int, int> size)
    {
        Modes = [.. modes];
        var stride = 1;
        for (var i = modes.Count - 1; i >= 0; i--)
        {
            var (count, step) = (size(modes[i]), stride);
            _moves[modes[i]] = [.. Enumerable.Range(0, count).Select(index => index * step)];
            stride = checked(stride * count);
        }

        Length = stride;
    }

    /// <summary>Modes with a table each; <paramref name="length"/> elements in all.</summary>
    public ModeLayout(IReadOnlyList<int> modes, IReadOnlyList<int[]> moves, int length)
    {
        Modes = [.. modes];
        for (var i = 0; i < modes.Count; i++) _moves[modes[i]] = moves[i];
        Length = length;
    }

    /// <summary>Mode ids.</summary>
    public IReadOnlyList<int> Modes { get; }

    /// <summary>Elements stored.</summary>
    public int Length { get; }

    public bool Has(int mode) => _moves.ContainsKey(mode);

    /// <summary>How far index <paramref name="index"/> of a mode moves.</summary>
    public int Offset(int mode, int index) => _moves[mode][index];

    /// <summary>
    /// Offsets of all index combinations of the given modes with the given sizes, the last mode fastest. A mode that the layout lacks does
    /// not move it.
    /// </summary>
    public int[] Offsets(IEnumerable<int> modes, Func<int, int> size)
    {
        int[] offsets = [0];
        foreach (var mode in modes)
        {
            var count = size(mode);
            var moves = _moves.GetValueOrDefault(mode);
            var next = new int[checked(offsets.Length * count)];
            for (var i = 0; i < offsets.Length; i++)
            {
                for (var j = 0; j < count; j++) next[i * count + j] = offsets[i] + (moves?[j] ?? 0);
            }

            offsets = next;
        }

        return offsets;
    }
}
