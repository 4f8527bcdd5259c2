using System.Numerics.Tensors;
using HTensor.Autodiff;
using HTensor.Kernels;

namespace HTensor.Rnn;

/// <summary>
/// A moving average of the weights, a += (1 - d_t) (w - a), d_t = min(decay, t / (t + 10)) after step t, so that the first weights are soon forgotten
/// (Polyak, Juditsky 1992). Validation and the result read it.
/// </summary>
internal sealed class WeightAverage : IParallelBody
{
    private const int PieceLength = 1 << 14;
    private const double Beginning = 10;

    private readonly ParameterSet<float> _weights, _held;
    private readonly AlignedBuffer<float> _differences;
    private readonly double _decay;
    private float _share;

    public WeightAverage(SequenceClassifier model, double decay, int threads)
    {
        (_weights, _decay) = (model.Parameters, decay);
        (Values, _held) = (new ParameterSet<float>(model.Layout.Parameters), new ParameterSet<float>(model.Layout.Parameters));
        _differences = new AlignedBuffer<float>(checked(threads * PieceLength));
        Values.CopyFrom(_weights);
    }

    public ParameterSet<float> Values { get; }

    /// <summary>Takes the weights after a step in.</summary>
    /// <param name="step">Steps done, from 1.</param>
    /// <param name="team">Threads.</param>
    public void Add(long step, ThreadTeam team)
    {
        _share = (float)(1 - Math.Min(_decay, step / (step + Beginning)));
        team.Run(this, (_weights.Length + PieceLength - 1) / PieceLength);
    }

    /// <summary>Runs something while the model has the averaged weights.</summary>
    public TResult Judge<TResult>(Func<TResult> judge)
    {
        _held.CopyFrom(_weights);
        _weights.CopyFrom(Values);
        try
        {
            return judge();
        }
        finally
        {
            _weights.CopyFrom(_held);
        }
    }

    public void Run(int index, int worker)
    {
        var first = index * PieceLength;
        var length = Math.Min(PieceLength, _weights.Length - first);
        var average = Values.Values.Slice(first, length);
        var difference = _differences.Slice(worker * PieceLength, length);
        TensorPrimitives.Subtract(_weights.Values.Slice(first, length), average, difference);
        TensorPrimitives.Multiply(difference, _share, difference);
        TensorPrimitives.Add(average, difference, average);
    }
}
