using System.Diagnostics;
using HTensor.Core;
using HTensor.Kernels;
using HTensor.Rnn;

namespace HTensor.Tests.Rnn;

/// <summary>numpy and PyTorch read what we write, where they are installed: check.py beside this file compares their layers with ours.</summary>
public sealed class PyTorchReadsTests : IDisposable
{
    private const string Python = "/usr/bin/python3";
    private const int Inputs = 6, Steps = 7, Batch = 3;

    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Layers_of_PyTorch_give_our_states()
    {
        var folder = Environment.GetEnvironmentVariable("HTENSOR_KEEP") ?? _folder.Path;
        foreach (var cell in Enum.GetValues<CellKind>()) Write(folder, cell);
        Assert.SkipUnless(File.Exists(Python) && Run("-c", "import numpy, torch") == 0, "python3-numpy or python3-torch is not installed");
        Assert.Equal(0, Run(Path.Combine(Repository.Root(), "HTensor.Tests", "Rnn", "Import", "check.py"), folder));
    }

    private static void Write(string folder, CellKind cell)
    {
        var model = SequenceClassifier.Create(new ModelOptions
        {
            InputModes = [2, 3],
            HiddenModes = [2, 2],
            Cell = cell,
            Reset = GruReset.After,
            InputWeights = WeightFormat.TensorTrain(3),
            Layers = 2,
            Direction = Direction.Bidirectional,
            Task = SequenceTask.States,
            Classes = [],
        });
        new Philox(6).FillNormal<float>(model.Parameters.Values, 0.4f);
        var name = Path.Combine(folder, cell.ToString().ToLowerInvariant());
        RecurrentExport.Safetensors(model, $"{name}.safetensors");
        RecurrentExport.Npz(model, $"{name}.npz");
        var x = ForeignArrays.Normal(Batch * Steps * Inputs, 5, 1);
        var y = model.Predict(new SequenceSet(ArraySequenceSource.FromFloats(x, Steps, [Inputs], new int[Batch]), Enumerable.Range(0, Batch).ToArray()));
        NpyFile.Write($"{name}-x.npy", NpyArray.From<float>(x, Batch, Steps, Inputs));
        NpyFile.Write($"{name}-y.npy", NpyArray.From<float>(y, Batch, Steps, model.Outputs));
    }

    private static int Run(params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(Python, arguments) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return process.ExitCode;
    }
}
