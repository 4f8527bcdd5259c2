using HTensor.Core;

namespace HTensor.Rnn;

/// <summary>Reads arrays of a store and names file and key where one is not as expected.</summary>
internal sealed class ArrayReader(string path, IArrayStore store)
{
    public string Path => path;

    public IArrayStore Store => store;

    public InvalidDataException Wrong(string key, string problem) => new DataPlace(path, key).Wrong(problem);

    /// <summary>Integers of any width, within limits that both belong to them.</summary>
    /// <param name="key">Of the array.</param>
    /// <param name="what">What one of them is.</param>
    /// <param name="of">What there is one of them for.</param>
    /// <param name="count">How many are expected.</param>
    /// <param name="least">The smallest.</param>
    /// <param name="most">The largest.</param>
    public int[] Integers(string key, string what, string of, int count, int least, int most)
    {
        var array = store.Read(key);
        if (array.Type is NpyType.Boolean or NpyType.Single or NpyType.Double or NpyType.Unicode)
            throw Wrong(key, $"dtype: expected an integer type, such as int64, found {array.Type}");
        if (array.Shape.Count != 1 || array.Shape[0] != count)
            throw Wrong(key, $"shape: expected [{count}], one a {of}, found [{string.Join(", ", array.Shape)}]");
        var values = new int[count];
        for (var i = 0; i < count; i++)
        {
            var value = Integer(array, i);
            if (value < least || value > most) throw Wrong(key, $"{what} of {of.Split(' ')[0]} {i}: expected {least} to {most}, found {value}");
            values[i] = (int)value;
        }

        return values;
    }

    /// <summary>0 train, 1 test; or 0 train, 1 validation, 2 test where a 2 is among them.</summary>
    public (int[] Train, int[] Validation, int[] Test) Split(int[] split)
    {
        List<int>[] parts = [[], [], []];
        for (var i = 0; i < split.Length; i++) parts[split[i]].Add(i);
        var (validation, test) = parts[2].Count > 0 ? (parts[1], parts[2]) : ([], parts[1]);
        if (parts[0].Count == 0) throw Wrong("split", "expected training samples (0), found none");
        if (test.Count == 0) throw Wrong("split", "expected test samples (1; or 2, with 1 for validation), found none");
        return ([.. parts[0]], [.. validation], [.. test]);
    }

    private static Int128 Integer(NpyArray array, int index) => array.Type switch
    {
        NpyType.Int8 => array.As<sbyte>()[index],
        NpyType.UInt8 => array.As<byte>()[index],
        NpyType.Int16 => array.As<short>()[index],
        NpyType.UInt16 => array.As<ushort>()[index],
        NpyType.Int32 => array.As<int>()[index],
        NpyType.UInt32 => array.As<uint>()[index],
        NpyType.UInt64 => array.As<ulong>()[index],
        _ => array.As<long>()[index],
    };
}
