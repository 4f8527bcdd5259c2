namespace HTensor.Rnn;

/// <summary>Sequences with numbers to predict in place of a class: the data of a regression.</summary>
public interface ITargetSource : ISequenceSource
{
    /// <summary>Numbers of a sample.</summary>
    int TargetCount { get; }

    /// <summary>Number <paramref name="index"/> of a sample, finite.</summary>
    float Target(int sample, int index);
}
