using HTensor.Autodiff;

namespace HTensor.Rnn;

/// <summary>What a training has made beside the model's own weights.</summary>
/// <param name="Best">Those of the best epoch.</param>
/// <param name="Average">Their average over the steps; null where none is kept.</param>
/// <param name="Optimizer">With its state.</param>
/// <param name="Carried">The states that the next window goes on from; null where there are no windows.</param>
internal sealed record TrainedWeights(ParameterSet<float> Best, ParameterSet<float>? Average, AdamW<float> Optimizer, CarriedStates<float>? Carried);
