using HTensor.Onnx;
using HTensor.Rnn;
using HTensor.Tests.Rnn;
using Microsoft.ML.OnnxRuntime;

namespace HTensor.Tests.Onnx;

/// <summary>
/// Exported models in ONNX Runtime: each format, cell, coupling, direction, front and task. A thousand inputs of each, batches of 1 and 16, 1 to 50 steps:
/// <c>dotnet test -c Release -- --explicit only --filter-method "*Thousand_inputs*"</c>.
/// </summary>
public sealed class OnnxExportTests(ITestOutputHelper output) : IDisposable
{
    private const double Near = 1e-5;
    private const int Allowed = 8 << 10;

    private readonly TempFolder _folder = new();

    public static TheoryData<string> Models => [.. ExportTask.Models.Keys];

    public static TheoryData<string> Forward => [.. ExportTask.Models.Where(pair => pair.Value is { Direction: Direction.Forward, StepInput: StepInput.Frame }).Select(pair => pair.Key)];

    public void Dispose() => _folder.Dispose();

    [Theory]
    [MemberData(nameof(Models))]
    public void Outputs_are_ours(string model)
    {
        var task = new ExportTask(model);
        foreach (var element in Enum.GetValues<FrameElement>())
        {
            using var session = Session(task, new OnnxExportOptions { Input = element });
            foreach (var (batch, steps) in (ReadOnlySpan<(int, int)>)[(1, 1), (3, 5)])
            {
                var worst = task.Difference(session, new OnnxExportOptions { Input = element }, batch, steps);
                Assert.True(worst < Near, $"batch {batch}, {steps} steps: off by {worst}");
            }
        }
    }

    [Theory(Explicit = true)]
    [MemberData(nameof(Models))]
    public void Thousand_inputs(string model)
    {
        const int Inputs = 1000;
        var (task, worst) = (new ExportTask(model, seed: 21), 0.0);
        using var session = Session(task, new OnnxExportOptions());
        for (var (done, steps) = (0, 0); done < Inputs; steps = (steps + 1) % 50)
        {
            foreach (var batch in (int[])[1, 16])
            {
                worst = Math.Max(worst, task.Difference(session, new OnnxExportOptions(), batch, steps + 1));
                done += batch;
            }
        }

        output.WriteLine($"{model}: off by {worst:E1}");
        Assert.True(worst < Near, $"off by {worst}");
    }

    /// <summary>Step after step, and in pieces of one and of several steps: the same as the whole sequence.</summary>
    [Theory]
    [MemberData(nameof(Forward))]
    public void States_go_on(string model)
    {
        const int Batch = 2, Steps = 4;
        var task = new ExportTask(model);
        var frames = task.Bytes(Batch, Steps);
        foreach (var form in (OnnxForm[])[OnnxForm.Step, OnnxForm.Pieces])
        {
            var options = new OnnxExportOptions { Form = form, Input = FrameElement.UInt8 };
            using var session = Session(task, options);
            var states = session.Inputs.Where(name => name != "x").ToDictionary(name => name, name => new float[Batch * session.InputMetadata[name].Dimensions[1]]);
            var found = Array.Empty<float>();
            var size = task.Model.FrameSize;
            int[] pieces = form == OnnxForm.Step ? [1, 1, 1, 1] : [1, 3];
            for (var (piece, first) = (0, 0); piece < pieces.Length; first += pieces[piece++])
            {
                byte[] x = [.. Enumerable.Range(0, Batch).SelectMany(sample => frames.AsSpan((sample * Steps + first) * size, pieces[piece] * size).ToArray())];
                int[] leading = form == OnnxForm.Step ? [Batch] : [Batch, pieces[piece]];
                var outputs = session.Run([task.Frames(x, options, leading), .. states.Select(state => OnnxSession.Value(state.Key, state.Value, Batch, state.Value.Length / Batch))]);
                foreach (var name in states.Keys) states[name] = outputs[name + "_next"];
                found = outputs["y"];
            }

            var (expected, count) = (task.Ours(frames, Batch, Steps), task.Model.Outputs);
            for (var i = 0; i < Batch * count; i++)
                Assert.Equal(expected[(i / count + 1) * (expected.Length / Batch) - count + i % count], found[(i / count + 1) * (found.Length / Batch) - count + i % count], (float)Near);
        }
    }

    [Theory]
    [MemberData(nameof(Models))]
    public void Files_are_as_small_as_their_parameters(string model)
    {
        var task = new ExportTask(model);
        OnnxExport.Write(task.Model, _folder.File("m"));
        var (bytes, parameters) = (new FileInfo(_folder.File("m")).Length, task.Model.Parameters.Length * sizeof(float));
        var options = task.Model.Options;
        var directions = options.Layers * (options.Direction == Direction.Bidirectional ? 2 : 1);
        var limit = 1.2 * parameters + Allowed * directions;
        output.WriteLine($"{model}: {bytes} bytes, {parameters} of parameters, {(bytes - 1.2 * parameters) / directions:F0} beyond 1.2 of them a direction");
        Assert.True(bytes <= limit, $"{bytes} bytes for {parameters} of parameters, {directions} directions: expected at most {limit}");
    }

    [Fact]
    public void States_of_models_that_need_the_whole_sequence_are_refused()
    {
        foreach (var options in (ModelOptions[])[StreamTask.Models["ht"] with { Direction = Direction.Bidirectional }, StreamTask.Models["ht"] with { StepInput = StepInput.Difference }])
        {
            var model = SequenceClassifier.Create(options);
            var exception = Assert.Throws<NotSupportedException>(() => OnnxExport.Write(model, _folder.File("m"), new OnnxExportOptions { Form = OnnxForm.Step }));
            Assert.StartsWith("export of states: expected a model that reads", exception.Message, StringComparison.Ordinal);
        }
    }

    private OnnxSession Session(ExportTask task, OnnxExportOptions options)
    {
        OnnxExport.Write(task.Model, _folder.File("m"), options);
        return new OnnxSession(_folder.File("m"));
    }
}
