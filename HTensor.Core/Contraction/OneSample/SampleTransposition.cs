using System.Runtime.InteropServices;
using HTensor.Kernels;

namespace HTensor.Core;

/// <summary>Brings other modes of an activation, or of a frame as it is stored, into the lanes. What stands together in the source is read as one run.</summary>
internal sealed class SampleTransposition
{
    private static readonly float[] One = [1], Zero = [0];

    private readonly int[][] _byteLanes, _floatLanes;
    private readonly int[] _others;
    private readonly int _run, _laneStep;

    /// <param name="source">Where elements stand now; blocks innermost.</param>
    /// <param name="lanes">Modes that go into the lanes.</param>
    /// <param name="size">Mode sizes.</param>
    public SampleTransposition(SampleLayout source, IReadOnlyList<int> lanes, Func<int, int> size)
    {
        int[] run = [.. Run(source.Lanes, lanes)];
        int[] others = [.. source.Modes.Where(mode => !lanes.Contains(mode) && !run.Contains(mode))];
        Result = new SampleLayout([.. others, .. run], lanes, size, SampleBlocks.Outermost);
        _others = source.Offsets(others);
        _run = run.Aggregate(1, (product, mode) => product * size(mode));
        _byteLanes = [.. source.Offsets(lanes).Chunk(LaneBlock.Width)];
        _laneStep = _byteLanes.SelectMany(block => block).Aggregate(0, GreatestCommonDivisor);
        _floatLanes = [.. _byteLanes.Select(block => block.Select(offset => checked(offset * sizeof(float))).ToArray())];
    }

    /// <summary>The layout that is written.</summary>
    public SampleLayout Result { get; }

    /// <summary>Modes at the end of a run of elements that stay outside the lanes.</summary>
    public static IEnumerable<int> Run(IReadOnlyList<int> sourceLanes, IReadOnlyList<int> lanes) =>
        sourceLanes.Reverse().TakeWhile(mode => !lanes.Contains(mode)).Reverse();

    /// <summary>Whether the values that stand in the lanes of a block are of one channel each time, as <see cref="LaneUnpack"/> scales them.</summary>
    public bool KeepsChannels(int channels) => _laneStep % channels == 0;

    public void Run(ReadOnlySpan<float> source, Span<float> destination) => Run(source, One, Zero, destination);

    /// <summary>A frame of bytes or floats, scaled.</summary>
    public void Run<TSource>(ReadOnlySpan<TSource> frame, ReadOnlySpan<float> scale, ReadOnlySpan<float> shift, Span<float> destination)
        where TSource : unmanaged
    {
        var bytes = MemoryMarshal.AsBytes(frame);
        var (length, at) = (_run * LaneBlock.Width, 0);
        foreach (var lanes in typeof(TSource) == typeof(byte) ? _byteLanes : _floatLanes)
        {
            foreach (var first in _others)
            {
                if (typeof(TSource) == typeof(byte)) LaneUnpack.Bytes(bytes, lanes, first, _run, scale, shift, destination.Slice(at, length));
                else LaneUnpack.Floats(bytes, lanes, first, _run, scale, shift, destination.Slice(at, length));
                at += length;
            }
        }
    }

    private static int GreatestCommonDivisor(int a, int b) => b == 0 ? a : GreatestCommonDivisor(b, a % b);
}
