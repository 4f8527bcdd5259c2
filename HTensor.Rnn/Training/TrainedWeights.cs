using HTensor.Autodiff;

namespace HTensor.Rnn;

/// <summary>What a training has made beside the model's own weights.</summary>
/// <param name="Best">Those of the best epoch.</param>
/// <param name="Average">Their average over the steps; null where none is kept.</param>
/// <param name="Optimizer">With its state.</param>
internal sealed record TrainedWeights(ParameterSet<float> Best, ParameterSet<float>? Average, AdamW<float> Optimizer);
