using HTensor.Autodiff;

namespace HTensor.Rnn;

/// <summary>
/// What one kind of cell computes at a step, for a piece of the hidden units. A step is one or more stages: a stage may read what the stage before
/// it wrote for all units. The layer walks the steps and shares pieces among threads; a cell keeps what its backward pass needs.
/// </summary>
internal interface IRecurrentCell<T>
{
    /// <summary>Gates: z has gates H rows and U as many columns.</summary>
    int Gates { get; }

    /// <summary>Stages of a step, forward as backward.</summary>
    int Stages { get; }

    /// <summary>Shapes of inputs after z and U.</summary>
    IReadOnlyList<IReadOnlyList<int>> MoreInputs { get; }

    /// <summary>Whether h_(t-1) reaches h_t without U.</summary>
    bool KeepsHidden { get; }

    /// <summary>Packs the columns of U of a piece.</summary>
    void Pack(UnitRange range, OperationCall<T> call);

    void Forward(int stage, UnitRange range, in CellStep<T> step, OperationCall<T> call);

    /// <summary>Names where the gradients of z go, before the backward pass: memory [units, gates H, 16].</summary>
    void BeginBackward(Memory<T> inputGradient);

    /// <summary>The first part of the first stage: SourceGradient += U dz_(t+1). There is a step t + 1.</summary>
    void PullGradient(UnitRange range, in CellStep<T> step);

    /// <summary>From HiddenGradient, dh_t, to dz_t.</summary>
    void Backward(int stage, UnitRange range, in CellStep<T> step);

    /// <summary>A step behind the longest sample: dz_t = 0.</summary>
    void SkipBackward(UnitRange range, int unit);

    /// <summary>Gradients of U and of what comes after it, where they are wanted.</summary>
    /// <param name="sources">[units, H, 16].</param>
    /// <param name="carried">The sources of the first steps, [groups, H, 16]; empty where nothing is before them.</param>
    /// <param name="call">Where they go.</param>
    void WeightGradients(ReadOnlySpan<T> sources, ReadOnlySpan<T> carried, OperationCall<T> call);

    /// <summary>c of a unit, [H, 16]; empty of a cell that has none.</summary>
    ReadOnlySpan<T> CellState(int unit);
}
