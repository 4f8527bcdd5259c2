using System.CommandLine;

namespace HTensor.Cli;

/// <summary><c>htensor compress MODEL --format F --out M</c>.</summary>
internal sealed class CompressCommand
{
    private readonly Argument<string> _model = FileArguments.Model(ModelReader.Kinds);
    private readonly Option<string> _out = new("--out") { Description = "the model file to write", HelpName = "M.safetensors", Required = true };
    private readonly Option<string?> _format = Parse.Choice("--format", "what the input matrices become, default ht", CompressVerb.Names);
    private readonly Option<string?> _recurrent = Parse.Choice("--recurrent-format", "what the recurrent matrices become, default dense as they are", ["dense", .. CompressVerb.Names]);
    private readonly Option<bool> _joint = Parse.Flag("--joint", "input and recurrent matrix of a layer as one");
    private readonly Option<double?> _tolerance = Parse.Real("--tolerance", "fewest numbers that keep each matrix within this relative error", "a number above 0 and below 1", x => x is > 0 and < 1);
    private readonly Option<double?> _ratio = Parse.Real("--ratio", "each matrix that is compressed into its numbers divided by this", "a number of at least 1", x => x >= 1);
    private readonly Option<int?> _rank = Parse.Integer("--rank", "this rank at every bond, or what it can make use of", 1);
    private readonly Option<int?> _parameters = Parse.Integer("--parameters", "at most so many numbers for all matrices that are compressed", 1);
    private readonly Option<Modes?> _inputModes = Parse.Optional<Modes>("--input-modes", "N,N,..|auto", "modes of the first layer's inputs, a product beyond them is padding; default auto, for each matrix by itself", Modes.Expected, Modes.TryParse);
    private readonly Option<Modes?> _hiddenModes = Parse.Optional<Modes>("--hidden-modes", "N,N,..|auto", "modes of the hidden units, the gates left out, default auto", Modes.Expected, Modes.TryParse);
    private readonly Option<string?> _tree = Parse.Text("--tree", "TREE", "ht's dimension tree over given modes or a given rank: balanced (default), linear or \"((0,1),2)\"");
    private readonly Option<int?> _blocks = Parse.Integer("--blocks", "terms of bt, default 2", 1);
    private readonly Option<string?> _calibrate = Parse.Text("--calibrate", "DATA", "sequences whose inputs weight the error, and over which the outputs' error is told");
    private readonly Option<FrameSize?> _resize = Parse.Optional<FrameSize>("--resize", "WxH", "resize the calibration's frames", FrameSize.Expected, FrameSize.TryParse);
    private readonly ImportArguments _import = new();

    public static Command Create(CommandIo io, IVerbs verbs)
    {
        var parts = new CompressCommand();
        var command = new Verb("compress", "A trained dense recurrent model into a tensor format, without training.",
            "digits.safetensors --format ht --recurrent-format ht --ratio 8 --out small.safetensors",
            "pytorch.safetensors --format lowrank --tolerance 0.1 --out small.safetensors",
            "digits.safetensors --joint --ratio 16 --calibrate digits.npz --out small.safetensors")
        {
            parts._model, parts._out, parts._format, parts._recurrent, parts._joint, parts._tolerance, parts._ratio, parts._rank, parts._parameters, parts._inputModes, parts._hiddenModes,
            parts._tree, parts._blocks, parts._calibrate, parts._resize,
        };
        parts._import.AddTo(command);
        command.SetAction(result => verbs.Compress(parts.Read(result), io));
        return command;
    }

    private CompressRequest Read(ParseResult result) => new(result.GetRequiredValue(_model), result.GetRequiredValue(_out))
    {
        Format = result.GetValue(_format) ?? "ht",
        RecurrentFormat = result.GetValue(_recurrent),
        Joint = result.GetValue(_joint),
        Tolerance = result.GetValue(_tolerance),
        Ratio = result.GetValue(_ratio),
        Rank = result.GetValue(_rank),
        Parameters = result.GetValue(_parameters),
        InputModes = result.GetValue(_inputModes),
        HiddenModes = result.GetValue(_hiddenModes),
        Tree = result.GetValue(_tree),
        Blocks = result.GetValue(_blocks),
        Calibrate = result.GetValue(_calibrate),
        Resize = result.GetValue(_resize),
        Import = _import.Read(result),
    };
}
