using System.Numerics;
using HTensor.Kernels;

namespace HTensor.Autodiff;

/// <summary>
/// A flat list of operations over an arena, recorded once for a shape and replayed: <see cref="Forward"/> computes the values in the
/// order of recording, <see cref="Backward"/> the gradients in reverse. After the first of each (and the first from each loss) it allocates nothing.
/// </summary>
public sealed class Tape<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly List<(IOperation<T> Operation, OperationCall<T> Call)> _nodes = [];
    private readonly List<Variable<T>> _variables = [];
    private readonly Dictionary<string, Variable<T>> _parameters = [];
    private readonly AlignedBuffer<T> _parameterGradients;
    private readonly Dictionary<Variable<T>, BackwardPass<T>> _passes = [];

    /// <summary>A tape over parameters, whose gradients it keeps in one buffer in the order of the set.</summary>
    public Tape(ParameterSet<T> parameters, TapePurpose purpose = TapePurpose.Training)
    {
        ArgumentNullException.ThrowIfNull(parameters);
        Purpose = purpose;
        _parameterGradients = new AlignedBuffer<T>(purpose == TapePurpose.Training ? parameters.Length : 0);
        foreach (var parameter in parameters.Items)
        {
            var gradient = purpose == TapePurpose.Training ? _parameterGradients.Memory.Slice(parameter.Offset, parameter.Length) : default;
            _parameters[parameter.Name] = Add(parameter.Name, parameter.Shape.Sizes, parameter.Memory, gradient);
        }
    }

    public TapePurpose Purpose { get; }

    /// <summary>Gradients of all parameters, in the order of the set; empty without gradients.</summary>
    public Memory<T> ParameterGradients => _parameterGradients.Memory;

    /// <summary>What has a gradient and no operation behind it: parameters and differentiable inputs.</summary>
    public IEnumerable<Variable<T>> Leaves =>
        _variables.Where(variable => variable.HasGradient && _nodes.All(node => node.Call.Result != variable));

    /// <summary>The variable of a parameter.</summary>
    /// <exception cref="ArgumentException">There is none of that name.</exception>
    public Variable<T> Parameter(string name) => _parameters.TryGetValue(name, out var variable)
        ? variable
        : throw new ArgumentException($"tape: expected one of the parameters {string.Join(", ", _parameters.Keys)}, found '{name}'");

    /// <summary>A value that the caller writes before each forward pass. A tape for inference computes no gradient of it either way.</summary>
    /// <exception cref="ArgumentException">A size is below 1.</exception>
    public Variable<T> Input(string name, IReadOnlyList<int> shape, InputGradients gradients = InputGradients.None)
    {
        ArgumentNullException.ThrowIfNull(shape);
        if (shape.Any(size => size < 1)) throw new ArgumentException($"tape: input '{name}': expected sizes of 1 or more, found [{string.Join(", ", shape)}]");
        return Add(name, shape, NewBuffer(shape), gradients == InputGradients.Computed ? NewGradient(shape) : default);
    }

    /// <summary>Appends an operation; nothing is computed yet.</summary>
    /// <exception cref="ArgumentException">The shapes do not fit, an input is of another tape, or the operation stands on the tape already.</exception>
    public Variable<T> Record(IOperation<T> operation, params IReadOnlyList<Variable<T>> inputs)
    {
        ArgumentNullException.ThrowIfNull(operation);
        ArgumentNullException.ThrowIfNull(inputs);
        foreach (var input in inputs)
            if (!Owns(input)) throw new ArgumentException($"{operation.Name}: input '{input.Name}' is of another tape");
        if (_nodes.Any(node => node.Operation == operation))
            throw new ArgumentException($"{operation.Name}: expected an operation of its own for each place, found one that the tape has already");
        var shape = operation.ResultShape([.. inputs.Select(input => input.Shape)]);
        var result = Add(operation.Name, shape, NewBuffer(shape), NewGradient(shape));
        _nodes.Add((operation, new OperationCall<T>([.. inputs], result)));
        _passes.Clear();
        return result;
    }

    /// <summary>Computes every value.</summary>
    public void Forward(ThreadTeam team)
    {
        ArgumentNullException.ThrowIfNull(team);
        foreach (var (operation, call) in _nodes)
        {
            call.Team = team;
            operation.Forward(call);
        }
    }

    /// <summary>Computes d loss / d v for every v that has a gradient, after <see cref="Forward"/>; zeros where the loss does not depend on v.</summary>
    /// <exception cref="ArgumentException"><paramref name="loss"/> is not a single number, is of another tape or has no gradient.</exception>
    /// <exception cref="InvalidOperationException">The tape was made for inference.</exception>
    public void Backward(Variable<T> loss, ThreadTeam team)
    {
        ArgumentNullException.ThrowIfNull(loss);
        ArgumentNullException.ThrowIfNull(team);
        if (Purpose != TapePurpose.Training) throw new InvalidOperationException("tape: it was made for inference and holds no gradients");
        if (!_passes.TryGetValue(loss, out var pass)) _passes[loss] = pass = NewPass(loss);
        pass.Run(team);
    }

    private BackwardPass<T> NewPass(Variable<T> loss)
    {
        if (!Owns(loss)) throw new ArgumentException($"tape: loss '{loss.Name}' is of another tape");
        if (loss.Length != 1) throw new ArgumentException($"tape: loss '{loss.Name}': expected one number, found [{string.Join(", ", loss.Shape)}]");
        if (!loss.HasGradient) throw new ArgumentException($"tape: loss '{loss.Name}': expected a variable with a gradient, found an input without");
        return new BackwardPass<T>(loss, _nodes, _variables);
    }

    private bool Owns(Variable<T> variable) => variable.Number < _variables.Count && _variables[variable.Number] == variable;

    private static Memory<T> NewBuffer(IReadOnlyList<int> shape) =>
        new AlignedBuffer<T>(shape.Aggregate(1, (product, size) => checked(product * size))).Memory;

    private Memory<T> NewGradient(IReadOnlyList<int> shape) => Purpose == TapePurpose.Training ? NewBuffer(shape) : default;

    private Variable<T> Add(string name, IReadOnlyList<int> shape, Memory<T> value, Memory<T> gradient)
    {
        var variable = new Variable<T>(_variables.Count, name, [.. shape], value, gradient);
        _variables.Add(variable);
        return variable;
    }
}
