using HTensor.Core;
using HTensor.Rnn;

namespace HTensor.Cli;

/// <summary>The work of <c>predict</c>.</summary>
internal static class PredictVerb
{
    public static void Run(PredictRequest request, CommandIo io)
    {
        var (model, source) = Request.Check(() =>
        {
            OutputPlace.Require(request.Out);
            var loaded = ModelReader.Open(request.Model, request.Import);
            var trained = TrainingConfig.RequestOf(request.Model);
            var choice = new DataChoice(request.Data, request.Resize ?? trained?.Resize, TrainingJob.DefaultSeed, loaded.Options.Task, trained?.Window);
            var sequences = choice.LoadSource();
            ModelFit.RequireFrames(loaded, sequences, choice.Name);
            return (loaded, sequences);
        });
        var all = new SequenceSet(source, Enumerable.Range(0, source.Count).ToArray());
        var probabilities = model.Predict(all, request.Threads ?? Environment.ProcessorCount, io.Cancellation);
        int[] shape = model.PredictsSteps ? [source.Count, source.Steps, model.Outputs] : [source.Count, model.Outputs];
        NpyFile.Write(request.Out, NpyArray.From<float>(probabilities, shape));
        io.WriteJson(writer =>
        {
            writer.WriteStartObject();
            writer.WriteNumber("count", source.Count);
            writer.WriteList("shape", shape);
            writer.WriteString("out", request.Out);
            writer.WriteEndObject();
        });
        io.Say($"{Words.Count(source.Count)} sequences, predictions {Words.Modes(shape)}: {request.Out}");
    }
}
