using HTensor.Rnn;

namespace HTensor.Tests.Rnn;

/// <summary>
/// A recurrent layer in double by the equations of the program that a file is of, over that program's own arrays: an oracle that shares nothing with
/// the importer. Gates are named by letters in the file's order: i f g o of an LSTM, r z n of a GRU, h of a plain cell.
/// </summary>
internal sealed class PlainLayer
{
    public required string Gates { get; init; }

    public required int Inputs { get; init; }

    public required int Hidden { get; init; }

    /// <summary>The weight of an input in a gate's unit.</summary>
    public required Func<char, int, int, double> Weight { get; init; }

    /// <summary>The weight of a state in a gate's unit.</summary>
    public required Func<char, int, int, double> Recurrent { get; init; }

    public Func<char, int, double> Bias { get; init; } = (_, _) => 0;

    public Func<char, int, double> RecurrentBias { get; init; } = (_, _) => 0;

    public bool ResetAfter { get; init; }

    /// <summary>[steps, hidden] of x [steps, inputs].</summary>
    public double[][] Run(double[][] x)
    {
        var (h, c) = (new double[Hidden], new double[Hidden]);
        return [.. x.Select(frame => h = Step(frame, h, c))];
    }

    /// <summary>The same from the last step to the first, in the order of the steps.</summary>
    public double[][] RunBack(double[][] x) => [.. Run([.. x.Reverse()]).Reverse()];

    private double[] Step(double[] x, double[] h, double[] c)
    {
        double Input(char gate, int unit) => Bias(gate, unit) + Enumerable.Range(0, Inputs).Sum(i => x[i] * Weight(gate, unit, i));
        double State(char gate, int unit, double[] state) => RecurrentBias(gate, unit) + Enumerable.Range(0, Hidden).Sum(i => state[i] * Recurrent(gate, unit, i));
        double Gate(char gate, int unit) => Sigmoid(Input(gate, unit) + State(gate, unit, h));
        var next = new double[Hidden];
        var kept = Gates.Contains('r', StringComparison.Ordinal) ? Enumerable.Range(0, Hidden).Select(unit => Gate('r', unit) * h[unit]).ToArray() : [];
        for (var unit = 0; unit < Hidden; unit++)
        {
            if (Gates.Length == 1)
            {
                next[unit] = Math.Tanh(Input('h', unit) + State('h', unit, h));
            }
            else if (Gates.Length == 3)
            {
                var n = Math.Tanh(Input('n', unit) + (ResetAfter ? Gate('r', unit) * State('n', unit, h) : State('n', unit, kept)));
                next[unit] = (1 - Gate('z', unit)) * n + Gate('z', unit) * h[unit];
            }
            else
            {
                c[unit] = Gate('f', unit) * c[unit] + Gate('i', unit) * Math.Tanh(Input('g', unit) + State('g', unit, h));
                next[unit] = Gate('o', unit) * Math.Tanh(c[unit]);
            }
        }

        return next;
    }

    private static double Sigmoid(double x) => 1 / (1 + Math.Exp(-x));
}
