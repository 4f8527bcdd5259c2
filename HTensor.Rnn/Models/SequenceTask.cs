namespace HTensor.Rnn;

/// <summary>What a model says of a sequence.</summary>
public enum SequenceTask
{
    /// <summary>Its class: softmax over the classes.</summary>
    Class,

    /// <summary>At every step the next frame, values 0 or 1 independent of each other: a sigmoid each, negative log-likelihood summed over them.</summary>
    NextNotes,

    /// <summary>At every step the next symbol: softmax over the symbols.</summary>
    NextSymbol,

    /// <summary>Numbers: mean squared error.</summary>
    Regression,

    /// <summary>No prediction: the states of the last layer at every step, of a recurrent layer that has no head. It has no loss.</summary>
    States,
}
