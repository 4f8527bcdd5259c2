using System.Numerics;
using HTensor.Kernels;

namespace HTensor.Autodiff;

/// <summary>
/// A parameter set's values cut into pieces of a fixed length, and each piece into runs of values that decay alike. Weight decay is for weights of two
/// or more modes: a bias or a scale has a value of its own to find, and shrinking it regularizes nothing.
/// </summary>
internal sealed class UpdateLayout<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>Four float streams of it are 1 MiB.</summary>
    public const int PieceLength = 1 << 16;

    private readonly ParameterShape[] _shapes;
    private readonly Run[] _runs;
    private readonly int[] _firstRun;

    public UpdateLayout(ParameterSet<T> parameters)
    {
        ArgumentNullException.ThrowIfNull(parameters);
        Length = parameters.Length;
        Pieces = (int)(((long)Length + PieceLength - 1) / PieceLength);
        _shapes = new ParameterShape[parameters.Items.Count];
        _firstRun = new int[Pieces + 1];
        var runs = new List<Run>();
        for (var i = 0; i < _shapes.Length; i++)
        {
            var parameter = parameters.Items[i];
            _shapes[i] = parameter.Shape;
            AddRuns(runs, parameter.Offset, parameter.Offset + parameter.Length, parameter.Shape.Sizes.Count >= 2);
        }

        _runs = [.. runs];
        _firstRun[Pieces] = _runs.Length;
    }

    public int Length { get; }

    public int Pieces { get; }

    public ReadOnlySpan<Run> Of(int piece) => _runs.AsSpan(_firstRun[piece].._firstRun[piece + 1]);

    /// <exception cref="ArgumentException">Shapes or lengths differ, or a number is not finite or negative.</exception>
    public void Require(ParameterSet<T> parameters, int gradientLength, double learningRate, double gradientScale)
    {
        ArgumentNullException.ThrowIfNull(parameters);
        RequireShapes(parameters);
        if (gradientLength != Length)
            throw new ArgumentException($"length of gradient: expected {Length}, as many as the parameters, found {gradientLength}", nameof(gradientLength));
        OptimizerGuard.AtLeastZero(learningRate, "learning rate", nameof(learningRate));
        OptimizerGuard.AtLeastZero(gradientScale, "gradient scale", nameof(gradientScale));
    }

    private void RequireShapes(ParameterSet<T> parameters)
    {
        if (parameters.Items.Count != _shapes.Length)
            throw new ArgumentException($"parameters: expected {_shapes.Length}, found {parameters.Items.Count}", nameof(parameters));
        for (var i = 0; i < _shapes.Length; i++)
        {
            if (parameters.Items[i].Shape != _shapes[i])
                throw new ArgumentException($"parameter {i}: expected {_shapes[i]}, found {parameters.Items[i].Shape}", nameof(parameters));
        }
    }

    private void AddRuns(List<Run> runs, int start, int end, bool decays)
    {
        while (start < end)
        {
            var piece = start / PieceLength;
            if (start == piece * PieceLength) _firstRun[piece] = runs.Count;
            var length = int.Min(end - start, PieceLength - start % PieceLength);
            // Parameters that follow one another and decay alike are one run.
            if (runs.Count > _firstRun[piece] && runs[^1].Decays == decays) runs[^1] = runs[^1] with { Length = runs[^1].Length + length };
            else runs.Add(new Run(start, length, decays));
            start += length;
        }
    }

    internal readonly record struct Run(int Start, int Length, bool Decays);
}
