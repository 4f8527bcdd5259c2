namespace HTensor.Tests.Core.Algebra;

/// <summary>A dense tensor in double, row-major, with what each verb means written as a loop over all indices.</summary>
internal sealed record DenseTensor(int[] Sizes, double[] Values)
{
    public int Order => Sizes.Length;

    public double Norm => Math.Sqrt(Values.Sum(x => x * x));

    public static DenseTensor From(int[] sizes, Func<int[], double> entry)
    {
        var values = new double[sizes.Aggregate(1, (product, size) => product * size)];
        for (var at = 0; at < values.Length; at++) values[at] = entry(Index(at, sizes));
        return new DenseTensor(sizes, values);
    }

    public double this[params int[] index] => Values[index.Zip(Sizes).Aggregate(0, (at, pair) => at * pair.Second + pair.First)];

    public DenseTensor Map(Func<int[], double> entry) => From(Sizes, entry);

    public DenseTensor With(int mode, int size, Func<int[], double> entry)
    {
        int[] sizes = [.. Sizes];
        sizes[mode] = size;
        return From(sizes, entry);
    }

    public DenseTensor Without(int[] modes) => new([.. Sizes.Where((_, mode) => !modes.Contains(mode))], Values);

    public static int[] Index(int at, int[] sizes)
    {
        var index = new int[sizes.Length];
        for (var mode = sizes.Length - 1; mode >= 0; mode--)
        {
            index[mode] = at % sizes[mode];
            at /= sizes[mode];
        }

        return index;
    }

    public static int[] Replaced(int[] index, int mode, int value)
    {
        int[] result = [.. index];
        result[mode] = value;
        return result;
    }
}
