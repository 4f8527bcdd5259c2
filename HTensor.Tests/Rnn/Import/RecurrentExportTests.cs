using HTensor.Core;
using HTensor.Kernels;
using HTensor.Rnn;

namespace HTensor.Tests.Rnn;

/// <summary>Weights under other programs' names and back: the same bits where matrices are dense, the same outputs where not.</summary>
public sealed class RecurrentExportTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(CellKind.Lstm, GruReset.Before, 1, Direction.Forward)]
    [InlineData(CellKind.Lstm, GruReset.Before, 2, Direction.Bidirectional)]
    [InlineData(CellKind.Gru, GruReset.After, 2, Direction.Bidirectional)]
    [InlineData(CellKind.Gru, GruReset.Before, 2, Direction.Forward)]
    [InlineData(CellKind.Rnn, GruReset.Before, 1, Direction.Forward)]
    public void Dense_layers_keep_their_bits(CellKind cell, GruReset reset, int layers, Direction direction)
    {
        var model = Model(new ModelOptions { InputModes = [6], HiddenModes = [5], Cell = cell, Reset = reset, Layers = layers, Direction = direction, Task = SequenceTask.States, Classes = [] });
        RecurrentExport.Npz(model, _folder.File("m.npz"));
        Assert.Equal(model.Parameters.Sha256(), RecurrentImport.Npz(_folder.File("m.npz")).Parameters.Sha256());
        if (reset == GruReset.Before && cell == CellKind.Gru)
        {
            Assert.Throws<NotSupportedException>(() => RecurrentExport.Safetensors(model, _folder.File("m")));
            return;
        }

        RecurrentExport.Safetensors(model, _folder.File("m"));
        Assert.Contains("weight_ih_l0", SafetensorsFile.Read(_folder.File("m")).Tensors.Keys);
        Assert.Equal(model.Parameters.Sha256(), RecurrentImport.Safetensors(_folder.File("m")).Parameters.Sha256());
    }

    [Theory]
    [InlineData(WeightCoupling.Separate)]
    [InlineData(WeightCoupling.Joint)]
    public void Factors_are_multiplied_out(WeightCoupling coupling)
    {
        var tt = WeightFormat.TensorTrain(3);
        var model = Model(new ModelOptions { InputModes = [2, 3], HiddenModes = [3, 2], InputWeights = tt, RecurrentWeights = tt, Coupling = coupling, Gates = GateMode.Last, Task = SequenceTask.States, Classes = [] });
        RecurrentExport.Safetensors(model, _folder.File("m"));
        var frames = ForeignArrays.Frames(6, 6, 5);
        double[][] expected = [.. ForeignArrays.States(model, frames).Select(row => row.Select(value => (double)value).ToArray())];
        ForeignArrays.AssertNear(expected, ForeignArrays.States(RecurrentImport.Safetensors(_folder.File("m")), frames));
    }

    private static SequenceClassifier Model(ModelOptions options)
    {
        var model = SequenceClassifier.Create(options);
        new Philox(6).FillNormal<float>(model.Parameters.Values, 0.4f);
        return model;
    }
}
