using HTensor.Rnn;

namespace HTensor.Tests.Rnn;

/// <summary>The cells' equations for one sample, written plainly.</summary>
internal sealed class ScalarCell
{
    private static readonly Dictionary<string, ScalarCell> All = new()
    {
        ["lstm"] = new ScalarCell { Kind = CellKind.Lstm, Gates = 4 },
        ["gru before"] = new ScalarCell { Kind = CellKind.Gru, Gates = 3 },
        ["gru after"] = new ScalarCell { Kind = CellKind.Gru, Reset = GruReset.After, Gates = 3 },
        ["rnn"] = new ScalarCell { Kind = CellKind.Rnn, Gates = 1 },
    };

    public static IEnumerable<string> Names => All.Keys;

    public required CellKind Kind { get; init; }

    public GruReset Reset { get; init; }

    public required int Gates { get; init; }

    public static ScalarCell Of(string name) => All[name];

    /// <summary>The next state.</summary>
    /// <param name="z">[gates H], with bias.</param>
    /// <param name="u">[H, gates H].</param>
    /// <param name="bias">[H], of the product of a GRU with the reset after it.</param>
    /// <param name="before">[H], the state.</param>
    /// <param name="memory">[H], an LSTM's cell, brought to the next step.</param>
    public double[] Step(double[] z, double[] u, double[] bias, double[] before, double[] memory)
    {
        var size = before.Length;
        var hidden = new double[size];
        double Product(double[] source, int gate, int k) => Enumerable.Range(0, size).Sum(j => source[j] * u[j * Gates * size + gate * size + k]);
        double Gate(int gate, int k) => z[gate * size + k] + Product(before, gate, k);
        var reset = Enumerable.Range(0, size).Select(k => Kind == CellKind.Gru ? Sigmoid(Gate(0, k)) : 0).ToArray();
        var resetBefore = reset.Zip(before, (r, h) => r * h).ToArray();
        for (var k = 0; k < size; k++)
        {
            hidden[k] = Kind switch
            {
                CellKind.Lstm => Lstm(k),
                CellKind.Gru => Gru(k),
                _ => Math.Tanh(Gate(0, k)),
            };
        }

        return hidden;

        double Lstm(int k)
        {
            memory[k] = Sigmoid(Gate(1, k)) * memory[k] + Sigmoid(Gate(0, k)) * Math.Tanh(Gate(2, k));
            return Sigmoid(Gate(3, k)) * Math.Tanh(memory[k]);
        }

        double Gru(int k)
        {
            var update = Sigmoid(Gate(1, k));
            var candidate = Reset == GruReset.After ? reset[k] * (bias[k] + Product(before, 2, k)) : Product(resetBefore, 2, k);
            return (1 - update) * Math.Tanh(z[2 * size + k] + candidate) + update * before[k];
        }
    }

    private static double Sigmoid(double x) => 1 / (1 + Math.Exp(-x));
}
