namespace HTensor.Core;

/// <summary>What the header of an npy array says, checked for sense but not yet against the bytes that follow.</summary>
internal readonly record struct NpyHeader(NpyType Type, int ElementSize, long[] Shape, ElementOrder Order);

/// <summary>Which index of a stored array runs fastest.</summary>
internal enum ElementOrder
{
    LastFastest,
    FirstFastest,
}
