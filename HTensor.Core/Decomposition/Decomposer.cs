using System.Numerics;
using HTensor.Kernels;

namespace HTensor.Core;

/// <summary>What is common to all decompositions of a dense tensor: its norm, the scale of its numbers, a split that makes it small, the log of stages.</summary>
internal sealed class Decomposer
{
    private readonly IDenseSource _source;
    private readonly int[] _sizes;
    private readonly DecompositionOptions _options;

    private Decomposer(IDenseSource source, int[] sizes, DecompositionOptions options) => (_source, _sizes, _options) = (source, sizes, options);

    public DenseBuffer Buffer { get; } = new();

    public ThreadTeam Team => _options.Team;

    public StagedTensor Tensor { get; private set; } = null!;

    public StageLog Log { get; private set; } = null!;

    public MatrixSplit? Split { get; private set; }

    /// <summary>What is computed is the tensor times 2 to the power of minus this.</summary>
    public int Exponent { get; private set; }

    public bool IsZero => Log.Norm == 0;

    /// <summary>Reads the tensor once, or twice where a sketch of it does.</summary>
    /// <param name="source">The tensor.</param>
    /// <param name="sizes">Its mode sizes.</param>
    /// <param name="truncation">What is allowed.</param>
    /// <param name="plan">Of the format.</param>
    /// <param name="options">How to work.</param>
    /// <param name="storedUnit">Unit roundoff of the result's numbers.</param>
    public static Decomposer Open(IDenseSource source, int[] sizes, Truncation truncation, StagePlan plan, DecompositionOptions options, double storedUnit)
    {
        var made = new Decomposer(source, sizes, options);
        made.Prepare(source, truncation, plan, storedUnit);
        return made;
    }

    /// <summary>Numbers in the element type of the result, times 2 to the power of <see cref="Exponent"/> where they carry the norm.</summary>
    /// <exception cref="ArgumentException">The norm is beyond the range of <typeparamref name="T"/>.</exception>
    public T[] Stored<T>(double[] values, bool carriesNorm = false)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var exponent = carriesNorm ? Exponent : 0;
        if (typeof(T) == typeof(double) && exponent == 0) return (T[])(object)values;
        var stored = new T[values.Length];
        for (var i = 0; i < stored.Length; i++)
        {
            stored[i] = T.CreateTruncating(exponent == 0 ? values[i] : Math.ScaleB(values[i], exponent));
            if (!T.IsFinite(stored[i])) throw new ArgumentException($"{_source.Name}: expected a norm within the range of {typeof(T).Name}, found a core of {values[i]:G3} times 2^{exponent}");
        }

        return stored;
    }

    private void Prepare(IDenseSource source, Truncation truncation, StagePlan plan, double storedUnit)
    {
        var search = new SplitSearch(source, _sizes, Team, Buffer);
        if (_options.Sketching == Sketching.WhereItFits && _options.Stages == StageInput.Projected)
            Split = search.Find(plan.Boundaries, norm => LogOf(norm).Allowed);
        var squares = search.Squares ?? SourceNorm.Squares(source, Buffer);
        if (!SourceNorm.IsSafe(squares))
        {
            var exponent = SourceNorm.ScaleExponent(source, Buffer);
            if (exponent != 0)
            {
                Exponent = -exponent;
                source = new ScaledSource(source, exponent);
                squares = SourceNorm.Squares(source, Buffer);
            }
        }

        Tensor = new StagedTensor(source, _sizes);
        Log = LogOf(Math.Sqrt(squares));
        if (Split is { } split) Log.AddBeside(split.Residual, split.Slack);

        StageLog LogOf(double norm) => new(Scaled(truncation), norm, _sizes, plan.Cores, plan.Stages, storedUnit);
    }

    private Truncation Scaled(Truncation truncation) => Exponent == 0 ? truncation : truncation.Scaled(-Exponent);
}

/// <summary>What a format asks of its decomposition.</summary>
/// <param name="Cores">Cores that it holds.</param>
/// <param name="Stages">Truncations whose errors add up.</param>
/// <param name="Boundaries">Where it can be split in two.</param>
internal sealed record StagePlan(int Cores, int Stages, IEnumerable<int> Boundaries);
