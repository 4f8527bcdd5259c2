namespace HTensor.Rnn;

/// <summary>Targets that are read out of a batch each time it is loaded.</summary>
internal interface IBatchTargets
{
    void Fill();

    /// <summary>Takes them away, so that a loss asks for none.</summary>
    void Forget();
}
