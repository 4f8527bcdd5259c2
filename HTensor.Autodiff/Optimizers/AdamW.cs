using System.Numerics;
using HTensor.Kernels;

namespace HTensor.Autodiff;

/// <summary>
/// AdamW (Loshchilov, Hutter, ICLR 2019), from step t = 1 on: m = b1 m + (1 - b1) g; v = b2 v + (1 - b2) g^2;
/// p = p - lr (m / (1 - b1^t)) / (sqrt(v / (1 - b2^t)) + eps) - lr decay p, g the scaled gradient. Only parameters of two or more modes decay: not
/// biases. State: two numbers a parameter value, <c>firstMoment</c> and <c>secondMoment</c>.
/// </summary>
public sealed class AdamW<T> : IOptimizer<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly AdamWOptions _options;
    private readonly UpdateLayout<T> _layout;
    private readonly Body _body;
    private DecayPower _power1;
    private DecayPower _power2;
    private long _steps;

    /// <param name="parameters">The shapes to step; the values are not kept.</param>
    /// <param name="options">Null: the usual constants.</param>
    /// <exception cref="ArgumentOutOfRangeException">An option is outside its range.</exception>
    public AdamW(ParameterSet<T> parameters, AdamWOptions? options = null)
    {
        _options = options ?? new AdamWOptions();
        OptimizerGuard.Share(_options.Beta1, "beta1", nameof(options));
        OptimizerGuard.Share(_options.Beta2, "beta2", nameof(options));
        OptimizerGuard.AtLeastZero(_options.WeightDecay, "weight decay", nameof(options));
        // In T: an epsilon that rounds to 0 would divide 0 by 0 where a gradient is 0.
        if (!(double.IsFinite(_options.Epsilon) && T.CreateTruncating(_options.Epsilon) > T.Zero))
            throw new ArgumentOutOfRangeException(nameof(options), $"epsilon: expected a finite number above 0, found {_options.Epsilon}");
        _layout = new UpdateLayout<T>(parameters);
        _body = new Body(_layout);
        _power1 = new DecayPower(_options.Beta1);
        _power2 = new DecayPower(_options.Beta2);
        State = [new("firstMoment", _body.FirstMoment), new("secondMoment", _body.SecondMoment)];
    }

    public IReadOnlyList<OptimizerState<T>> State { get; }

    public long StepCount
    {
        get => _steps;
        set
        {
            ArgumentOutOfRangeException.ThrowIfNegative(value);
            _steps = value;
            _power1.MoveTo(value);
            _power2.MoveTo(value);
        }
    }

    public void Step(ParameterSet<T> parameters, ReadOnlyMemory<T> gradient, double learningRate, double gradientScale, ThreadTeam team)
    {
        ArgumentNullException.ThrowIfNull(team);
        _layout.Require(parameters, gradient.Length, learningRate, gradientScale);
        _steps++;
        _power1.Advance();
        _power2.Advance();
        _body.Weights = parameters.Memory;
        _body.Gradient = gradient;
        _body.Factors = AdamWFactors<T>.Of(_options.Beta1, _options.Beta2, _power1.Value, _power2.Value, _options.Epsilon, learningRate,
            _options.WeightDecay, gradientScale);
        team.Run(_body, _layout.Pieces);
        // Neither the weights nor the gradient are ours to keep alive.
        (_body.Weights, _body.Gradient) = (default, default);
    }

    private sealed class Body(UpdateLayout<T> layout) : IParallelBody
    {
        public Memory<T> FirstMoment { get; } = new AlignedBuffer<T>(layout.Length).Memory;

        public Memory<T> SecondMoment { get; } = new AlignedBuffer<T>(layout.Length).Memory;

        public Memory<T> Weights { get; set; }

        public ReadOnlyMemory<T> Gradient { get; set; }

        public AdamWFactors<T> Factors { get; set; }

        public void Run(int index, int worker)
        {
            foreach (var run in layout.Of(index))
            {
                AdamWStep.Apply(Weights.Span.Slice(run.Start, run.Length), Gradient.Span.Slice(run.Start, run.Length),
                    FirstMoment.Span.Slice(run.Start, run.Length), SecondMoment.Span.Slice(run.Start, run.Length),
                    run.Decays ? Factors : Factors with { Decay = T.Zero });
            }
        }
    }
}
