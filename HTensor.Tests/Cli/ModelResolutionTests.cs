using HTensor.Cli;
using HTensor.Rnn;

namespace HTensor.Tests;

public sealed class ModelResolutionTests
{
    private static readonly int[] Video = [120, 160, 3];
    private static readonly int[] Grid = [36, 48, 3];

    [Fact]
    public void Nothing_said_is_the_published_layer()
    {
        foreach (var setting in new[] { ModelResolution.Alone(new ModelRequest()), ModelResolution.ForTraining(new ModelRequest(), Video) })
        {
            Assert.Equal("8x10x10x9x8 -> 16x4x2x4x2", setting.Input.Network.Modes.ToString());
            Assert.Equal((CellKind.Lstm, GateMode.First, 256, 1_245), (setting.Cell, setting.Gates, setting.Hidden, setting.Input.Network.ParameterCount));
            Assert.Null(setting.Preset);
        }
    }

    [Theory]
    [InlineData("8x8x9x9 -> 16x4x4x4")]
    [InlineData("8x8x9x9 -> 4x4x4x16", "--gates", "last")]
    [InlineData("1x8x8x9x9 -> 4x4x4x4x4", "--gates", "own")]
    [InlineData("8x8x9x9 -> 4x4x4x4x4", "--gates", "own", "--format", "tr")]
    [InlineData("16x18x18 -> 16x8x8", "--hidden-modes", "4,8,8")]
    [InlineData("6x6x12x12 -> 16x4x4x4", "--input-modes", "6,6,12,12", "--hidden-modes", "4,4,4,4")]
    [InlineData("72x72 -> 32x8", "--input-modes", "72,72", "--hidden", "64")]
    [InlineData("5184 -> 1024", "--format", "dense")]
    [InlineData("4x6x6x6x6 -> 16x4x2x4x2", "--preset", "ht-lstm-ucf11", "--input-modes", "auto")]
    [InlineData("8x8x9x9 -> 16x4x2x4x2", "--preset", "tr-lstm-ucf11", "--input-modes", "auto")]
    public void Modes_not_given_are_chosen_for_the_frame(string expected, params string[] options) =>
        Assert.Equal(expected, ModelResolution.ForTraining(Read(options), Grid).Input.Network.Modes.ToString());

    [Fact]
    public void Auto_is_chosen_even_for_the_published_size() =>
        Assert.Equal("8x8x9x10x10 -> 8x2x4x4x4", ModelResolution.ForTraining(Read("--input-modes", "auto", "--hidden-modes", "auto"), Video).Input.Network.Modes.ToString());

    [Theory]
    [InlineData("ht: leaf rank 4, inner rank 5, tree balanced")]
    [InlineData("ht: leaf rank 2, inner rank 4, tree balanced", "--rank", "2")]
    [InlineData("ht: leaf rank 3, inner rank 2, tree linear", "--preset", "ht-lstm-ytc", "--inner-rank", "2", "--tree", "linear")]
    [InlineData("tr: rank 4", "--format", "tr")]
    [InlineData("tr: rank 5, closing bond 10", "--preset", "tr-lstm-ucf11")]
    [InlineData("tr: rank 3", "--preset", "tr-lstm-ucf11", "--rank", "3")]
    [InlineData("bt: 2 blocks, rank 4", "--format", "bt")]
    [InlineData("bt: 3 blocks, rank 2", "--preset", "bt-lstm-ucf11-r2", "--blocks", "3")]
    [InlineData("tt: rank 4", "--preset", "ht-lstm-ytc", "--format", "tt")]
    [InlineData("tt: rank 7", "--preset", "ht-lstm-ytc", "--format", "tt", "--rank", "7", "--inner-rank", "5", "--blocks", "2")]
    [InlineData("tucker: rank 2", "--format", "tucker")]
    [InlineData("cp: rank 4", "--format", "cp")]
    [InlineData("dense: dense", "--format", "dense", "--rank", "4")]
    public void An_option_overrides_the_preset_and_a_preset_the_defaults(string expected, params string[] options)
    {
        var format = ModelResolution.Alone(Read(options)).Format;
        Assert.Equal(expected, $"{format.Name}: {format.Settings}");
    }

    [Fact]
    public void A_gru_preset_has_three_gates_and_can_be_planned()
    {
        var setting = ModelResolution.Alone(Read("--preset", "tt-gru-music-r3"));
        Assert.Equal(("4x4x4x4 -> 8x4x4x12", 512, CellKind.Gru), (setting.Input.Network.Modes.ToString(), setting.Hidden, setting.Cell));
        Assert.Equal(CellKind.Lstm, ModelResolution.ForTraining(Read("--preset", "tt-gru-ucf11", "--cell", "lstm"), Video).Cell);
    }

    [Fact]
    public void A_preset_of_the_whole_cell_holds_the_recurrent_matrix_too_and_has_a_layer_in_front()
    {
        var setting = ModelResolution.ForTraining(Read("--preset", "ht-gru-music-r5"), [88], SequenceTask.NextNotes);
        Assert.Equal(("ht", "ht", FrontLayer.Dense(88)), (setting.Format.Name, setting.RecurrentFormat, setting.Options.Front));
        var model = SequenceClassifier.Create(setting.Options with { Task = SequenceTask.NextNotes, Classes = [.. Enumerable.Range(0, 88).Select(note => $"{note}")] });
        Assert.Equal((3_366, 1_181_184), (model.Counts.Cell, model.Counts.DenseCell));
        Assert.Equal("dense", ModelResolution.ForTraining(Read("--preset", "tt-gru-ucf11"), Video).RecurrentFormat);
    }

    [Fact]
    public void Every_published_music_cell_is_counted_from_the_model_itself()
    {
        foreach (var preset in PublishedPresets.All.Where(preset => preset.Scope == PresetScope.Cell))
        {
            var setting = ModelResolution.ForTraining(Read("--preset", preset.Name), [88], SequenceTask.NextNotes);
            var model = SequenceClassifier.Create(setting.Options with { Task = SequenceTask.NextNotes, Classes = ["0", "1"] });
            Assert.Equal((preset.Name, preset.Parameters, preset.DenseParameters), (preset.Name, model.Counts.Cell, model.Counts.DenseCell));
        }
    }

    [Fact]
    public void Structure_options_are_heard()
    {
        var options = ModelResolution.ForTraining(Read("--cell", "gru", "--reset", "after", "--layers", "2", "--bidirectional", "--joint", "--front", "64"), Grid).Options;
        Assert.Equal((CellKind.Gru, GruReset.After, 2, Direction.Bidirectional, WeightCoupling.Joint, FrontLayer.Dense(5184)),
            (options.Cell, options.Reset, options.Layers, options.Direction, options.Coupling, options.Front));
    }

    [Theory]
    [InlineData("preset ht-lstm-ucf11: input modes 8,10,10,9,8: expected a product of 5184, the values of a frame 36x48x3, found 57600; --input-modes auto would choose 4,6,6,6,6", "--preset", "ht-lstm-ucf11")]
    [InlineData("--input-modes 6,6,12: expected a product of 5184, the values of a frame 36x48x3, found 432; --input-modes auto would choose 8,8,9,9", "--input-modes", "6,6,12")]
    [InlineData("--input-modes 6,6,12: expected a product of 5184, the values of a frame 36x48x3, found 432; --input-modes auto would choose 16,18,18", "--input-modes", "6,6,12", "--hidden-modes", "4,8,8")]
    [InlineData("--hidden-modes 4,4: expected a product of 256, the value of --hidden, found 16; --hidden-modes auto would choose 4,4,4,4", "--hidden", "256", "--hidden-modes", "4,4")]
    [InlineData("--recurrent-format ht: expected none beside --joint, which holds both matrices as one", "--joint", "--recurrent-format", "ht")]
    [InlineData("joint: expected a format with cores, found dense, which holds both matrices as they are", "--joint", "--format", "dense")]
    public void What_does_not_fit_the_frame_is_refused(string expected, params string[] options) =>
        Assert.Equal(expected, Assert.Throws<RequestException>(() => ModelResolution.ForTraining(Read(options), Grid)).Message);

    private static ModelRequest Read(params string[] options) => ToolRun.Of(["train", .. options]).TrainRequest!.Model;
}
