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
        var factors = new double[operands.Count];
        foreach (var term in Terms(network))
        {
            for (var o = 0; o < factors.Length; o++) factors[o] = operands[o][term.Operand(o)];
            for (var o = 0; o < factors.Length; o++)
            {
                var product = resultGradient[term.Result];
                for (var other = 0; other < factors.Length; other++) if (other != o) product *= factors[other];
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

    /// <summary>One index for every mode, and where it stands in each operand and, last, in the result, row-major.</summary>
    private sealed class Term
    {
        private readonly IReadOnlyList<int> _sizes;
        private readonly int[] _index, _at;
        private readonly int[][] _strides;

        public Term(TensorNetwork network)
        {
            _sizes = network.Sizes;
            _index = new int[_sizes.Count];
            _strides = [.. Enumerable.Range(0, network.Operands.Count).Select(network.OperandModes).Append(network.ResultModes).Select(modes => Strides(network, modes))];
            _at = new int[_strides.Length];
        }

        public int Result => _at[^1];

        public int Operand(int operand) => _at[operand];

        public bool Next()
        {
            for (var mode = 0; mode < _index.Length; mode++)
            {
                if (_index[mode] + 1 < _sizes[mode])
                {
                    Move(mode, 1);
                    return true;
                }

                Move(mode, -_index[mode]);
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

        private void Move(int mode, int by)
        {
            _index[mode] += by;
            for (var i = 0; i < _at.Length; i++) _at[i] += by * _strides[i][mode];
        }
    }
}
