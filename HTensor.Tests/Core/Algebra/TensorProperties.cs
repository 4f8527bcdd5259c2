using System.Numerics;
using HTensor.Core;
using HTensor.Kernels;

namespace HTensor.Tests.Core.Algebra;

/// <summary>Every verb against its definition over all entries, for one form and element type.</summary>
internal static class TensorProperties<TForm, TX, T>
    where TForm : ITensorForm<TX, T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private const double Terms = 40;

    public static int[] Sizes(Philox random, int leastOrder = 1) => [.. Enumerable.Range(0, leastOrder + random.NextInt32(6 - leastOrder)).Select(_ => 1 + random.NextInt32(4))];

    public static void Check(TX found, DenseTensor expected, DenseTensor magnitude, string what)
    {
        Near(TForm.ToArray(found), expected, magnitude, what);
        Near([.. TForm.Expected(found, x => x).Values.Select(T.CreateTruncating)], expected, magnitude, $"{what}, from its cores");
        Assert.Equal(expected.Sizes, TForm.Expected(found, x => x).Sizes);
    }

    public static void Near(T[] found, DenseTensor expected, DenseTensor magnitude, string what) =>
        Tolerance.AssertNear<T>(expected.Values, magnitude.Values, [.. found.Select(double.CreateTruncating)], Terms, what);

    public static void Sums(uint seed)
    {
        var random = new Philox(seed);
        var sizes = Sizes(random);
        var x = TForm.Random(sizes, random);
        TX y = TForm.Like(x, sizes, random), z = TForm.Like(x, sizes, random);
        var (a, b, c) = (Exact(x), Exact(y), Exact(z));
        var (ma, mb, mc) = (Magnitude(x), Magnitude(y), Magnitude(z));
        Check(TForm.Add(x, y), a.Map(i => a[i] + b[i]), a.Map(i => ma[i] + mb[i]), "add");
        Check(TForm.Subtract(x, y), a.Map(i => a[i] - b[i]), a.Map(i => ma[i] + mb[i]), "subtract");
        Check(TForm.Sum(x, y, z), a.Map(i => a[i] + b[i] + c[i]), a.Map(i => ma[i] + mb[i] + mc[i]), "sum");
        Check(TForm.Scale(x, T.CreateTruncating(-1.5)), a.Map(i => -1.5 * a[i]), a.Map(i => 2 * ma[i]), "scale");
        Check(TForm.Multiply(x, y), a.Map(i => a[i] * b[i]), a.Map(i => ma[i] * mb[i]), "element-wise product");
        Check(TForm.Subtract(TForm.Add(x, y), y), a, a.Map(i => ma[i] + 2 * mb[i]), "add, then subtract");
    }

    public static void Concatenations(uint seed)
    {
        var random = new Philox(seed);
        var sizes = Sizes(random);
        var mode = random.NextInt32(sizes.Length);
        int[] longer = [.. sizes];
        longer[mode] = 1 + random.NextInt32(4);
        var x = TForm.Random(sizes, random);
        var y = TForm.Like(x, longer, random);
        Check(TForm.Concatenate(x, y, mode), Joined(Exact(x), Exact(y)), Joined(Magnitude(x), Magnitude(y)), "concatenate");

        DenseTensor Joined(DenseTensor a, DenseTensor b) =>
            a.With(mode, sizes[mode] + longer[mode], i => i[mode] < sizes[mode] ? a[i] : b[DenseTensor.Replaced(i, mode, i[mode] - sizes[mode])]);
    }

    public static void InnerProducts(uint seed)
    {
        var random = new Philox(seed);
        var sizes = Sizes(random);
        var x = TForm.Random(sizes, random);
        TX y = TForm.Like(x, sizes, random), z = TForm.Like(x, sizes, random);
        Number(TForm.Inner(x, y), x, y, "inner product");
        Number(TForm.Inner(y, x), x, y, "inner product is symmetric");
        Number(TForm.Inner(TForm.Add(x, z), y) - TForm.Inner(z, y), x, y, "inner product is linear", TForm.Add(x, z));
        Number(TForm.Inner(TForm.Scale(x, T.CreateTruncating(3)), y) / 3, x, y, "inner product scales");

        void Number(double found, TX left, TX right, string what, TX? wider = default)
        {
            var (a, b) = (Exact(left).Values, Exact(right).Values);
            var (ma, mb) = (Magnitude(wider ?? left).Values, Magnitude(right).Values);
            Tolerance.AssertNear<T>([a.Zip(b).Sum(pair => pair.First * pair.Second)], [2 * ma.Zip(mb).Sum(pair => pair.First * pair.Second)], [found], Terms, what);
        }
    }

    public static void Products(uint seed)
    {
        var random = new Philox(seed);
        var sizes = Sizes(random);
        var x = TForm.Random(sizes, random);
        int mode = random.NextInt32(sizes.Length), rows = 1 + random.NextInt32(4), columns = 1 + random.NextInt32(3);
        var matrix = Normal(rows * sizes[mode], random);
        Check(TForm.MultiplyMode(x, mode, matrix, rows), Product(Exact(x), x => x), Product(Magnitude(x), Math.Abs), "mode product");
        Check(TForm.MultiplyModes(x, [mode], [matrix]), Product(Exact(x), x => x), Product(Magnitude(x), Math.Abs), "mode products");
        T[][] factors = [.. sizes.Select(size => Normal(size * columns, random))];
        Near(TForm.Mttkrp(x, factors, columns, mode), Mttkrp(Exact(x), x => x), Mttkrp(Magnitude(x), Math.Abs), "MTTKRP");

        DenseTensor Product(DenseTensor a, Func<double, double> number) => a.With(mode, rows, i =>
            Enumerable.Range(0, sizes[mode]).Sum(k => number(double.CreateTruncating(matrix[i[mode] * sizes[mode] + k])) * a[DenseTensor.Replaced(i, mode, k)]));

        DenseTensor Mttkrp(DenseTensor a, Func<double, double> number) => DenseTensor.From([sizes[mode], columns], to => a.Values.Select((value, at) =>
        {
            var i = DenseTensor.Index(at, sizes);
            return i[mode] != to[0] ? 0 : value * Enumerable.Range(0, sizes.Length).Where(k => k != mode)
                .Aggregate(1.0, (product, k) => product * number(double.CreateTruncating(factors[k][i[k] * columns + to[1]])));
        }).Sum());
    }

    public static void Contractions(uint seed)
    {
        var random = new Philox(seed);
        var sizes = Sizes(random, 2);
        var x = TForm.Random(sizes, random);
        int[] modes = [.. Enumerable.Range(0, sizes.Length).Where(_ => random.NextInt32(2) == 0).Take(sizes.Length - 1)];
        T[][] vectors = [.. modes.Select(mode => Normal(sizes[mode], random))];
        Func<int, int, double> weight = (k, i) => double.CreateTruncating(vectors[k][i]);
        Check(TForm.ContractModes(x, modes, vectors), Contract(Exact(x), weight), Contract(Magnitude(x), (k, i) => Math.Abs(weight(k, i))), "products with vectors");
        Check(TForm.SumOverModes(x, modes), Contract(Exact(x), (_, _) => 1), Contract(Magnitude(x), (_, _) => 1), "sum over modes");
        Func<int, int, double> mean = (k, _) => 1.0 / sizes[modes[k]];
        Check(TForm.MeanOverModes(x, modes), Contract(Exact(x), mean), Contract(Magnitude(x), mean), "mean over modes");
        Tolerance.AssertNear<T>([Exact(x).Values.Sum()], [Magnitude(x).Values.Sum()], [TForm.SumOfEntries(x).Value], Terms, "sum of entries");
        Tolerance.AssertNear<T>([Exact(x).Values.Average()], [Magnitude(x).Values.Average()], [TForm.MeanOfEntries(x).Value], Terms, "mean of entries");

        DenseTensor Contract(DenseTensor a, Func<int, int, double> weights)
        {
            int[] kept = [.. Enumerable.Range(0, sizes.Length).Except(modes)];
            return DenseTensor.From([.. kept.Select(mode => sizes[mode])], to => a.Values.Select((value, at) =>
            {
                var i = DenseTensor.Index(at, sizes);
                return kept.Where((mode, k) => i[mode] != to[k]).Any() ? 0 : value * modes.Select((mode, k) => weights(k, i[mode])).Aggregate(1.0, (product, w) => product * w);
            }).Sum());
        }
    }

    public static void Parts(uint seed)
    {
        var random = new Philox(seed);
        var sizes = Sizes(random);
        var x = TForm.Random(sizes, random);
        var (a, magnitude) = (Exact(x), Magnitude(x));
        int[] first = [.. sizes.Select(random.NextInt32)], count = [.. sizes.Select((size, k) => 1 + random.NextInt32(size - first[k]))];
        Range[] ranges = [.. first.Zip(count, (start, length) => start..(start + length))];
        Check(TForm.Slice(x, ranges), Part(a), Part(magnitude), "slice");
        var mode = random.NextInt32(sizes.Length);
        int[] chosen = [.. Enumerable.Range(0, 1 + random.NextInt32(5)).Select(_ => random.NextInt32(sizes[mode]))];
        Check(TForm.Select(x, mode, chosen), Chosen(a), Chosen(magnitude), "select");
        if (sizes.Length > 1) Check(TForm.Fix(x, mode, chosen[0]), Fixed(a), Fixed(magnitude), "fix");
        int[] ones = [.. Enumerable.Range(0, sizes.Length).Where(k => sizes[k] == 1)];
        if (ones.Length == sizes.Length) ones = ones[1..];
        Check(TForm.Squeeze(x), a.Without(ones), magnitude.Without(ones), "squeeze");
        var places = Enumerable.Range(0, 70 + random.NextInt32(4)).Select(_ => random.NextInt32(a.Values.Length)).ToArray();
        var several = TForm.Entries(x, [.. places.SelectMany(at => DenseTensor.Index(at, sizes))]);
        Near(several, Picked(a), Picked(magnitude), "entries");
        Near([TForm.Entry(x, DenseTensor.Index(places[0], sizes))], new([1], [a.Values[places[0]]]), new([1], [magnitude.Values[places[0]]]), "entry");

        DenseTensor Part(DenseTensor t) => DenseTensor.From(count, i => t[[.. i.Zip(first, (k, start) => k + start)]]);
        DenseTensor Chosen(DenseTensor t) => t.With(mode, chosen.Length, i => t[DenseTensor.Replaced(i, mode, chosen[i[mode]])]);
        DenseTensor Fixed(DenseTensor t) => t.With(mode, 1, i => t[DenseTensor.Replaced(i, mode, chosen[0])]).Without([mode]);
        DenseTensor Picked(DenseTensor t) => new([places.Length], [.. places.Select(at => t.Values[at])]);
    }

    public static DenseTensor Exact(TX x) => TForm.Expected(x, value => value);

    public static DenseTensor Magnitude(TX x) => TForm.Expected(x, Math.Abs);

    public static T[] Normal(int length, Philox random)
    {
        var values = new T[length];
        random.FillNormal<T>(values, T.One);
        return values;
    }
}
