namespace HTensor.Autodiff;

/// <summary>
/// beta^t by t multiplications in double: the same bits on every machine, and after a resume, where it is computed anew. It stands still where
/// 1 - beta^t is 1 to the last bit; nothing further would be seen of it, and a resume after many steps costs no more than that.
/// </summary>
internal struct DecayPower(double beta)
{
    private readonly double _beta = beta;

    public double Value { get; private set; } = 1;

    public void Advance()
    {
        if (1 - Value < 1) Value *= _beta;
    }

    public void MoveTo(long steps)
    {
        Value = 1;
        for (long t = 0; t < steps && 1 - Value < 1; t++) Value *= _beta;
    }
}
