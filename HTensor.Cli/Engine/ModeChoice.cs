using HTensor.Core;
using HTensor.Rnn;

namespace HTensor.Cli;

/// <summary>
/// The modes of both sides: those given, else the preset's, else chosen by <see cref="ModeFactorization"/>. The published sizes, 57,600 and
/// 256, have the published modes unless <c>auto</c> is said.
/// </summary>
internal sealed class ModeChoice
{
    /// <summary>Whose shape a request without data and modes has.</summary>
    private static readonly Preset Default = PublishedPresets.Find("ht-lstm-ucf11")!;

    private readonly ModelRequest _request;
    private readonly Preset? _preset;
    private readonly IReadOnlyList<int>? _frame;
    private readonly ModePairing _pairing;
    private readonly int _inputs, _hidden;

    /// <param name="request">The options.</param>
    /// <param name="preset">The preset, if one is named.</param>
    /// <param name="frame">Shape of a frame; null where there is no data.</param>
    /// <param name="pairing">Of the format: where modes go in pairs, a side left to be chosen has as many as the other.</param>
    public ModeChoice(ModelRequest request, Preset? preset, IReadOnlyList<int>? frame, ModePairing pairing)
    {
        (_request, _preset, _frame, _pairing) = (request, preset, frame, pairing);
        _inputs = Product(frame) ?? Product(request.InputModes?.Sizes) ?? preset?.Inputs ?? Default.Inputs;
        _hidden = request.Hidden ?? Product(request.HiddenModes?.Sizes) ?? preset?.Hidden ?? Default.Hidden;
    }

    private bool IsDefault =>
        _preset is null && _request is { InputModes: null, HiddenModes: null } && (_inputs, _hidden) == (Default.Inputs, Default.Hidden);

    /// <summary>Input modes that are not to be chosen here.</summary>
    private IReadOnlyList<int>? GivenInputs => _request.InputModes is { } modes ? modes.Sizes : IsDefault ? Default.InputModes : _preset?.InputModes;

    private IReadOnlyList<int>? GivenHidden
    {
        get
        {
            if (_request.HiddenModes is { } modes) return modes.Sizes;
            if (IsDefault) return Default.HiddenModes;
            return _hidden == _preset?.Hidden ? _preset.HiddenModes : null;
        }
    }

    /// <exception cref="RequestException">The product of input modes is not the size of a frame.</exception>
    public IReadOnlyList<int> Inputs()
    {
        var chosen = Auto(_inputs, GivenHidden);
        if (GivenInputs is not { } given) return chosen;
        var product = Product(given);
        if (product == _inputs) return given;
        var modes = new Modes(given);
        throw new RequestException($"{(_request.InputModes is null ? $"preset {_preset?.Name}: input modes {modes}" : $"--input-modes {modes}")}: " +
            $"expected a product of {_inputs}, the values of a frame {MatrixModes.Text(_frame!)}, found {product}; --input-modes auto would choose {new Modes(chosen)}");
    }

    /// <exception cref="RequestException">The product of hidden modes is not the number of hidden units.</exception>
    public IReadOnlyList<int> Hidden()
    {
        var chosen = Auto(_hidden, GivenInputs);
        if (GivenHidden is not { } given) return chosen;
        var product = Product(given);
        return product == _hidden ? given : throw new RequestException(
            $"--hidden-modes {new Modes(given)}: expected a product of {_hidden}, the value of --hidden, found {product}; --hidden-modes auto would choose {new Modes(chosen)}");
    }

    private static int? Product(IReadOnlyList<int>? modes) => modes is null ? null : new MatrixModes(modes, [1]).Rows;

    private IReadOnlyList<int> Auto(int size, IReadOnlyList<int>? otherSide) =>
        ModeFactorization.Factor(size, _pairing == ModePairing.Paired && otherSide is not null ? otherSide.Count : ModeFactorization.Order(_inputs, _hidden));
}
