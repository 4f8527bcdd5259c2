using System.Globalization;
using HTensor.Core;
using HTensor.Kernels;

namespace HTensor.Bench;

/// <summary>1/(i1+...+id), doubles, into hierarchical Tucker form, beside the two usual ways in numpy and LAPACK.</summary>
internal static class DecompositionCases
{
    private static readonly (int Size, int Order)[] Shapes = [(64, 4), (20, 5)];

    private static readonly double[] Tolerances = [1e-2, 1e-4, 1e-8];

    public static IEnumerable<NamedCase> All(ThreadTeam team, PeerLibraries peers) =>
        from shape in Shapes
        from tolerance in Tolerances
        let name = string.Create(CultureInfo.InvariantCulture, $"hsvd {shape.Size}^{shape.Order} {tolerance:0e0}")
        select new NamedCase(name, () => Create(name, shape.Size, shape.Order, tolerance, team, peers));

    private static BenchCase Create(string name, int size, int order, double tolerance, ThreadTeam team, PeerLibraries peers)
    {
        var (sizes, values) = (Enumerable.Repeat(size, order).ToArray(), new double[(int)Math.Pow(size, order)]);
        for (var i = 0; i < values.Length; i++)
        {
            var sum = order;
            for (var rest = i; rest > 0; rest /= size) sum += rest % size;
            values[i] = 1.0 / sum;
        }

        var options = new DecompositionOptions { Team = team };
        var work = string.Create(CultureInfo.InvariantCulture, $"{size} {order} {tolerance:R}");
        return new(name, typeof(double), 0, 2.0 * sizeof(double) * values.Length,
            () => Hsvd.Decompose<double>(values, sizes, Truncation.Relative(tolerance), null, options),
            [.. peers.Numpy("numpy, QR", $"qr {work}"), .. tolerance > 1e-7 ? peers.Numpy("numpy, Gram", $"gram {work}") : []]);
    }
}
