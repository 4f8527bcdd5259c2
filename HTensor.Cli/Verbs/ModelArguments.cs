using System.CommandLine;

namespace HTensor.Cli;

/// <summary>The options that say which model: shared by the verbs that build one.</summary>
internal sealed class ModelArguments
{
    private readonly Option<string?> _preset = Parse.Text("--preset", "NAME", "a published setting, see htensor presets");
    private readonly Option<string?> _cell = Parse.Choice("--cell", "the recurrent cell, default lstm", "lstm", "gru", "rnn");
    private readonly Option<string?> _reset =
        Parse.Choice("--reset", "a GRU's reset gate: before the recurrent product (default) or after it, as in cuDNN", "before", "after");
    private readonly Option<string?> _format =
        Parse.Choice("--format", "how the input matrix is held, default ht", FormatChoice.Names);
    private readonly Option<string?> _recurrentFormat =
        Parse.Choice("--recurrent-format", "how the recurrent matrix is held, with the same ranks, default dense", FormatChoice.Names);
    private readonly Option<bool> _joint = Parse.Flag("--joint", "hold input and recurrent matrix as one, in the format of --format");
    private readonly Option<int?> _layers = Parse.Integer("--layers", "recurrent layers, default 1", 1);
    private readonly Option<bool> _bidirectional = Parse.Flag("--bidirectional", "walk the steps in both directions");
    private readonly Option<int?> _front =
        Parse.Integer("--front", "values of a dense layer before the first recurrent one; for symbols of their embedding, default 64", 1);
    private readonly Option<Modes?> _inputModes =
        Parse.Optional<Modes>("--input-modes", "N,N,..|auto", "modes of a frame's values", Modes.Expected, Modes.TryParse);
    private readonly Option<int?> _hidden = Parse.Integer("--hidden", "hidden units, default 256", 1);
    private readonly Option<Modes?> _hiddenModes =
        Parse.Optional<Modes>("--hidden-modes", "N,N,..|auto", "modes of the hidden units, the gates left out", Modes.Expected, Modes.TryParse);
    private readonly Option<int?> _rank = Parse.Integer("--rank", "rank of the format, of the leaves in ht, default 4, in tucker 2", 1);
    private readonly Option<int?> _innerRank = Parse.Integer("--inner-rank", "rank of ht's inner nodes, default 5, at most rank squared", 1);
    private readonly Option<int?> _blocks = Parse.Integer("--blocks", "terms of bt, default 2", 1);
    private readonly Option<string?> _tree =
        Parse.Text("--tree", "TREE", "ht's dimension tree: balanced (default), linear or \"(((0,1),2),(3,4))\"");
    private readonly Option<string?> _gates =
        Parse.Choice("--gates", "the output mode that the gates multiply, default first", "first", "last", "own");

    public void AddTo(Command command)
    {
        Option[] options =
        [
            _preset, _cell, _reset, _format, _recurrentFormat, _joint, _inputModes, _hidden, _hiddenModes, _rank, _innerRank, _blocks, _tree, _gates, _layers, _bidirectional, _front,
        ];
        foreach (var option in options) command.Add(option);
    }

    public ModelRequest Read(ParseResult result) => new()
    {
        Preset = result.GetValue(_preset),
        Cell = result.GetValue(_cell),
        Format = result.GetValue(_format),
        InputModes = result.GetValue(_inputModes),
        Hidden = result.GetValue(_hidden),
        HiddenModes = result.GetValue(_hiddenModes),
        Rank = result.GetValue(_rank),
        InnerRank = result.GetValue(_innerRank),
        Blocks = result.GetValue(_blocks),
        Tree = result.GetValue(_tree),
        Gates = result.GetValue(_gates),
        Reset = result.GetValue(_reset),
        RecurrentFormat = result.GetValue(_recurrentFormat),
        Joint = result.GetValue(_joint) ? true : null,
        Layers = result.GetValue(_layers),
        Bidirectional = result.GetValue(_bidirectional) ? true : null,
        Front = result.GetValue(_front),
    };
}
