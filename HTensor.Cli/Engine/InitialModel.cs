using HTensor.Rnn;

namespace HTensor.Cli;

/// <summary>
/// The model that <c>--init</c> names, from whose weights a training starts: one of ours, or recurrent layers of another program. Options of the model may be left out;
/// those that are given must be its own. One whose outputs are its states gets a new dense layer over them, for whatever is to be predicted.
/// </summary>
internal sealed record InitialModel(string Path, SequenceClassifier Model)
{
    /// <summary>Null where none is asked for.</summary>
    /// <exception cref="RequestException">There is no such file.</exception>
    /// <exception cref="InvalidDataException">The file is no model.</exception>
    public static InitialModel? Of(TrainRequest request)
    {
        if (request.Init is not { } path) return null;
        if (!System.IO.Path.Exists(path)) throw new RequestException($"--init: expected a model file or run folder, found nothing at {path}");
        return new InitialModel(path, ModelReader.Open(path));
    }

    /// <summary>What it predicts; null: nothing yet.</summary>
    public SequenceTask? Task => Model.Options.Task == SequenceTask.States ? null : Model.Options.Task;

    /// <summary>Its task is what its outputs mean: no other can be trained, and data of another need not be read.</summary>
    /// <exception cref="RequestException">An option asks for another task or read-out.</exception>
    public void RequireTask(TrainRequest request)
    {
        if (Task is { } task)
        {
            Require("--task", request.Task, TaskChoice.Name(task));
            Require("--readout", request.Readout, Words.Lower(Model.Options.Readout));
        }

        Require("--step-input", request.StepInput, Model.Options.StepInput == StepInput.Difference ? "differences" : "frames");
    }

    /// <summary>The model as a setting, after what was asked for is found to be its own.</summary>
    /// <exception cref="RequestException">An option asks for another model.</exception>
    public ModelSetting Setting(TrainRequest request, SequenceData data)
    {
        var options = Model.Options;
        var name = request.Data ?? DefaultVideo.Name;
        if (Task is null) ModelFit.RequireFrames(Model, data.Source, name);
        else ModelFit.Require(Model, data, name);
        if (request.Model != new ModelRequest()) RequireShapes(request, data);
        return new ModelSetting(null, options, ModelStructure.FirstMatrix(options));
    }

    /// <summary>Its own model; where it predicts nothing yet, one of these options with its layers.</summary>
    public SequenceClassifier Trained(ModelOptions options, ulong seed)
    {
        if (Task is not null) return Model;
        var model = SequenceClassifier.Create(options, seed);
        model.StartFrom(Model);
        return model;
    }

    private void RequireShapes(TrainRequest request, SequenceData data)
    {
        var asked = ModelResolution.ForTraining(request.Model, data.FrameShape, Model.Options.Task, data.ClassNames.Length).Options;
        Require("--cell", Words.Lower(asked.Cell), Words.Lower(Model.Options.Cell));
        Require("--reset", Words.Lower(asked.Reset), Words.Lower(asked.Cell == CellKind.Gru ? Model.Options.Reset : asked.Reset));
        var wanted = SequenceClassifier.Create(asked with { Task = Model.Options.Task, Readout = Model.Options.Readout, Classes = Model.Options.Classes }).Parameters.Items;
        var held = Model.Parameters.Items;
        for (var i = 0; i < Math.Max(wanted.Count, held.Count); i++)
        {
            var (expected, found) = (Text(wanted, i), Text(held, i));
            if (expected != found) throw new RequestException($"--init {Path}: expected a model of the options given, with {expected}, found {found}");
        }
    }

    private void Require(string option, string? asked, string held)
    {
        if (asked is not null && asked != held) throw new RequestException($"{option} {asked}: expected {held}, as the model of --init {Path}");
    }

    private static string Text(IReadOnlyList<HTensor.Autodiff.Parameter<float>> items, int index) =>
        index < items.Count ? $"{items[index].Name} [{string.Join(", ", items[index].Shape.Sizes)}]" : "nothing more";
}
