namespace HTensor.Rnn;

/// <summary>What is dropped while training, and the seed of the masks.</summary>
/// <param name="Rate">Part of the read-out vector, of what goes from layer to layer and of what stands in front of the first.</param>
/// <param name="Recurrent">Part of the states that the recurrent matrices see.</param>
/// <param name="Input">Part of the values of a frame.</param>
/// <param name="Seed">Of the masks.</param>
internal readonly record struct TrainingDropout(double Rate, double Recurrent, double Input, ulong Seed);
