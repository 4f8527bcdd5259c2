using System.Numerics;
using System.Numerics.Tensors;
using HTensor.Kernels;

namespace HTensor.Autodiff;

/// <summary>
/// The backward pass from one loss, laid out once. Operations overwrite gradients; of a variable that several operations read, the first
/// to run backward writes the gradient itself, each other writes into scratch, which is then added.
/// </summary>
internal sealed class BackwardPass<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly List<Step> _steps = [];
    private readonly Variable<T> _loss;
    private readonly List<Variable<T>> _unreached;
    private readonly Memory<T> _scratch;

    public BackwardPass(Variable<T> loss, IReadOnlyList<(IOperation<T> Operation, OperationCall<T> Call)> nodes, IEnumerable<Variable<T>> variables)
    {
        _loss = loss;
        var reached = new HashSet<Variable<T>> { loss };
        var scratchLength = 0;
        foreach (var (operation, call) in nodes.Reverse())
        {
            if (!reached.Contains(call.Result)) continue;
            var length = 0;
            var shares = new List<Share>();
            foreach (var input in call.Inputs)
            {
                var first = !input.HasGradient || reached.Add(input);
                shares.Add(new Share(input, first ? -1 : length));
                if (!first) length += input.Length;
            }

            scratchLength = Math.Max(scratchLength, length);
            _steps.Add(new Step(operation, call, [.. shares]));
        }

        _scratch = new AlignedBuffer<T>(scratchLength).Memory;
        _unreached = [.. variables.Where(variable => variable.HasGradient && !reached.Contains(variable))];
    }

    public void Run(ThreadTeam team)
    {
        _loss.Gradient.Span[0] = T.One;
        foreach (var variable in _unreached) variable.Gradient.Span.Clear();
        foreach (var step in _steps)
        {
            var call = step.Call;
            call.Team = team;
            for (var i = 0; i < step.Shares.Length; i++) call.SetInputGradient(i, Target(step.Shares[i]));
            step.Operation.Backward(call);
            foreach (var share in step.Shares)
            {
                if (share.ScratchStart < 0) continue;
                var gradient = share.Input.Gradient.Span;
                TensorPrimitives.Add(gradient, Target(share).Span, gradient);
            }
        }
    }

    private Memory<T> Target(Share share) =>
        share.ScratchStart < 0 ? share.Input.Gradient : _scratch.Slice(share.ScratchStart, share.Input.Length);

    /// <summary>Where an input's gradient goes: to the variable itself where <paramref name="ScratchStart"/> is -1.</summary>
    private readonly record struct Share(Variable<T> Input, int ScratchStart);

    private sealed record Step(IOperation<T> Operation, OperationCall<T> Call, Share[] Shares);
}
