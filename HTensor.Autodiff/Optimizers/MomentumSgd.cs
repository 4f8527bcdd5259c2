using System.Numerics;
using HTensor.Kernels;

namespace HTensor.Autodiff;

/// <summary>The constants of <see cref="MomentumSgd{T}"/>.</summary>
public sealed record MomentumSgdOptions
{
    /// <summary>Share of the velocity kept at a step, in [0, 1); 0 is plain gradient descent.</summary>
    public double Momentum { get; init; } = 0.9;

    /// <summary>A weight of two or more modes loses this share times the learning rate of itself at every step.</summary>
    public double WeightDecay { get; init; }
}

/// <summary>
/// Stochastic gradient descent with classic momentum, as PyTorch writes it: velocity = momentum velocity + g; p = p - lr velocity - lr decay p, g the
/// scaled gradient. The decay does not enter the velocity, and only parameters of two or more modes decay. State: <c>velocity</c>.
/// </summary>
public sealed class MomentumSgd<T> : IOptimizer<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly MomentumSgdOptions _options;
    private readonly UpdateLayout<T> _layout;
    private readonly Body _body;
    private long _steps;

    /// <param name="parameters">The shapes to step; the values are not kept.</param>
    /// <param name="options">Null: the usual constants.</param>
    /// <exception cref="ArgumentOutOfRangeException">An option is outside its range.</exception>
    public MomentumSgd(ParameterSet<T> parameters, MomentumSgdOptions? options = null)
    {
        _options = options ?? new MomentumSgdOptions();
        OptimizerGuard.Share(_options.Momentum, "momentum", nameof(options));
        OptimizerGuard.AtLeastZero(_options.WeightDecay, "weight decay", nameof(options));
        _layout = new UpdateLayout<T>(parameters);
        _body = new Body(_layout);
        State = [new("velocity", _body.Velocity)];
    }

    public IReadOnlyList<OptimizerState<T>> State { get; }

    public long StepCount
    {
        get => _steps;
        set
        {
            ArgumentOutOfRangeException.ThrowIfNegative(value);
            _steps = value;
        }
    }

    public void Step(ParameterSet<T> parameters, ReadOnlyMemory<T> gradient, double learningRate, double gradientScale, ThreadTeam team)
    {
        ArgumentNullException.ThrowIfNull(team);
        _layout.Require(parameters, gradient.Length, learningRate, gradientScale);
        _steps++;
        _body.Weights = parameters.Memory;
        _body.Gradient = gradient;
        _body.Factors = MomentumSgdFactors<T>.Of(_options.Momentum, learningRate, _options.WeightDecay, gradientScale);
        team.Run(_body, _layout.Pieces);
        (_body.Weights, _body.Gradient) = (default, default);
    }

    private sealed class Body(UpdateLayout<T> layout) : IParallelBody
    {
        public Memory<T> Velocity { get; } = new AlignedBuffer<T>(layout.Length).Memory;

        public Memory<T> Weights { get; set; }

        public ReadOnlyMemory<T> Gradient { get; set; }

        public MomentumSgdFactors<T> Factors { get; set; }

        public void Run(int index, int worker)
        {
            foreach (var run in layout.Of(index))
            {
                MomentumSgdStep.Apply(Weights.Span.Slice(run.Start, run.Length), Gradient.Span.Slice(run.Start, run.Length),
                    Velocity.Span.Slice(run.Start, run.Length), run.Decays ? Factors : Factors with { Decay = T.Zero });
            }
        }
    }
}
