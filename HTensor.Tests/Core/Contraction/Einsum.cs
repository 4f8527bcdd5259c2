using HTensor.Core;

namespace HTensor.Tests.Core.Contraction;

/// <summary>The oracle of contractions: every index of every mode in turn, term by term, in double.</summary>
internal static class Einsum
{
    /// <summary>result[...] = sum of the products of all operands.</summary>
    public static double[] Contract(TensorNetwork network, IReadOnlyList<double[]> operands)
    {
        var result = new double[(int)network.Volume(network.ResultModes)];
        foreach (var term in Terms(network))
        {
            var product = 1.0;
            for (var o = 0; o < operands.Count; o++) product *= operands[o][term.Operand(o)];
            result[term.Result] += product;
        }

        return result;
    }

    /// <summary>The gradient of each operand where that of the result is given: the same terms, one factor left out.</summary>
    public static double[][] Gradients(TensorNetwork network, IReadOnlyList<double[]> operands, double[] resultGradient)
    {
        var gradients = operands.Select(operand => new double[operand.Length]).ToArray();
        foreach (var term in Terms(network))
        {
            for (var o = 0; o < operands.Count; o++)
            {
                var product = resultGradient[term.Result];
                for (var other = 0; other < operands.Count; other++) if (other != o) product *= operands[other][term.Operand(other)];
                gradients[o][term.Operand(o)] += product;
            }
        }

        return gradients;
    }

    private static IEnumerable<Term> Terms(TensorNetwork network)
    {
        var term = new Term(network);
        do yield return term;
        while (term.Next());
    }

    /// <summary>One index for every mode, and where it stands in each operand and in the result, row-major.</summary>
    private sealed class Term(TensorNetwork network)
    {
        private readonly int[] _index = new int[network.Sizes.Count];
        private readonly int[][] _strides = [.. Enumerable.Range(0, network.Operands.Count).Select(o => Strides(network, network.OperandModes(o)))];
        private readonly int[] _resultStrides = Strides(network, network.ResultModes);

        public int Result => At(_resultStrides);

        public int Operand(int operand) => At(_strides[operand]);

        public bool Next()
        {
            for (var mode = 0; mode < _index.Length; mode++)
            {
                if (++_index[mode] < network.Sizes[mode]) return true;
                _index[mode] = 0;
            }

            return false;
        }

        private static int[] Strides(TensorNetwork network, IReadOnlyList<int> modes)
        {
            var strides = new int[network.Sizes.Count];
            var stride = 1;
            foreach (var mode in modes.Reverse())
            {
                strides[mode] = stride;
                stride *= network.Sizes[mode];
            }

            return strides;
        }

        private int At(int[] strides)
        {
            var at = 0;
            for (var mode = 0; mode < strides.Length; mode++) at += _index[mode] * strides[mode];
            return at;
        }
    }
}
