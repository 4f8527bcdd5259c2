using HTensor.Core;

namespace HTensor.Tests.Core;

/// <summary>The published UCF11 layers: 57,600 inputs, 4 x 256 outputs.</summary>
internal static class Published
{
    public static MatrixNetwork Network(string format) => format switch
    {
        "ht" => new HierarchicalTuckerFormat(4, 5).Describe(new MatrixModes([8, 10, 10, 9, 8], [16, 4, 2, 4, 2])),
        "tt" => new TensorTrainFormat(4).Describe(new MatrixModes([8, 20, 20, 18], [16, 4, 4, 4])),
        "bt" => new BlockTermFormat(2, 4).Describe(new MatrixModes([8, 20, 20, 18], [16, 4, 4, 4])),
        "tr" => new TensorRingFormat(5, 10).Describe(new MatrixModes([4, 2, 5, 8, 6, 5, 3, 2], [16, 4, 2, 4, 2])),
        _ => throw new ArgumentOutOfRangeException(nameof(format), format, null),
    };
}
