using HTensor.Core;
using HTensor.Rnn;
using Xunit;

namespace HTensor.Tests.Rnn.Data;

public sealed class SequenceMalformedTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void No_file() => Assert.Throws<FileNotFoundException>(() => SequenceData.Load(_folder.File("absent.npz")));

    [Theory]
    [InlineData("x")]
    [InlineData("y")]
    [InlineData("split")]
    public void A_missing_key(string key) => AssertRefused(key, null, $"'{key}' among them");

    [Fact]
    public void Cut_short_at_every_length()
    {
        var whole = File.ReadAllBytes(SequenceFiles.Write(_folder));
        for (var length = 0; length < whole.Length; length++)
        {
            var path = _folder.File("cut.npz", whole.AsSpan(0, length));
            Malformed.Refused(path, () => SequenceData.Load(path));
        }
    }

    [Fact]
    public void Frames_of_another_type() =>
        AssertRefused("x", NpyArray.From<short>(new short[36], 6, 3, 2), "key 'x'", "expected uint8, float32 or float64, found Int16");

    [Fact]
    public void Frames_without_a_mode() =>
        AssertRefused("x", NpyArray.From<byte>(new byte[18], 6, 3), "key 'x'", "[samples, steps, frame...]", "[6, 3]", "[samples, steps, 1]");

    [Fact]
    public void No_samples() => AssertRefused("x", NpyArray.From<byte>([], 0, 3, 2), "key 'x'", "1 or more");

    [Fact]
    public void No_steps() => AssertRefused("x", NpyArray.From<byte>([], 6, 0, 2), "key 'x'", "1 or more");

    [Theory]
    [InlineData(float.NaN, "NaN")]
    [InlineData(float.PositiveInfinity, "Infinity")]
    [InlineData(float.NegativeInfinity, "-Infinity")]
    public void A_float_that_is_not_finite(float value, string found)
    {
        var x = new float[36];
        x[6 * 3 + 2 * 2 + 1] = value;
        x[30] = float.NaN;
        AssertRefused("x", NpyArray.From<float>(x, 6, 3, 2), "key 'x'", "sample 3, step 2, value 1", $"found {found}");
    }

    [Theory]
    [InlineData(double.NaN, "NaN")]
    [InlineData(1e300, "1E+300")]
    public void A_double_that_is_no_finite_float(double value, string found)
    {
        var x = new double[36];
        x[0] = value;
        AssertRefused("x", NpyArray.From<double>(x, 6, 3, 2), "key 'x'", "sample 0, step 0, value 0", $"found {found}");
    }

    [Theory]
    [InlineData(-1)]
    [InlineData(2)]
    [InlineData(long.MaxValue)]
    [InlineData(long.MinValue)]
    public void A_label_out_of_range(long label) =>
        AssertRefused("y", NpyArray.From<long>([0, 1, 0, label, 0, 1]), "key 'y'", "label of sample 3: expected 0 to 1", $"found {label}");

    [Fact]
    public void A_label_beyond_what_a_long_holds() =>
        AssertRefused("y", NpyArray.From<ulong>([0, 1, 0, ulong.MaxValue, 0, 1]), "key 'y'", $"found {ulong.MaxValue}");

    [Fact]
    public void A_label_without_names_that_would_make_a_billion_classes()
    {
        var arrays = SequenceFiles.Good();
        arrays.Remove("class_names");
        arrays["y"] = NpyArray.From<long>([0, 1, 0, 1_000_000_000, 0, 1]);
        NpzArchive.Write(_folder.File("a.npz"), arrays);
        Malformed.Refused(_folder.File("a.npz"), () => SequenceData.Load(_folder.File("a.npz")), "key 'y'", "0 to 65535");
    }

    [Theory]
    [InlineData(0)]
    [InlineData(4)]
    public void A_length_out_of_range(long length) =>
        AssertRefused("lengths", NpyArray.From<long>([3, length, 3, 3, 3, 3]), "key 'lengths'", "length of sample 1: expected 1 to 3", $"found {length}");

    [Theory]
    [InlineData("y")]
    [InlineData("lengths")]
    [InlineData("split")]
    public void Another_number_of_samples(string key) => AssertRefused(key, NpyArray.From<long>([1, 1, 1, 1, 1]), $"key '{key}'", "expected [6]", "found [5]");

    [Theory]
    [InlineData("y")]
    [InlineData("lengths")]
    [InlineData("split")]
    public void Floats_where_integers_are_wanted(string key) =>
        AssertRefused(key, NpyArray.From<double>([1, 1, 1, 1, 1, 1]), $"key '{key}'", "integer", "Double");

    [Fact]
    public void Labels_of_two_modes() => AssertRefused("y", NpyArray.From<long>([0, 1, 0, 1, 0, 1], 6, 1), "key 'y'", "found [6, 1]");

    [Fact]
    public void A_split_that_is_none() => AssertRefused("split", NpyArray.From<byte>([0, 0, 0, 3, 1, 1]), "key 'split'", "sample 3: expected 0 to 2");

    [Fact]
    public void No_training_samples() => AssertRefused("split", NpyArray.From<byte>([1, 1, 1, 1, 1, 1]), "key 'split'", "training");

    [Fact]
    public void No_test_samples() => AssertRefused("split", NpyArray.From<byte>([0, 0, 0, 0, 0, 0]), "key 'split'", "test");

    [Fact]
    public void One_class() => AssertRefused("y", NpyArray.From<long>([1, 1, 1, 1, 0, 1]), "key 'y'", "only class 1");

    [Fact]
    public void Class_names_that_are_numbers() => AssertRefused("class_names", NpyArray.From<long>([0, 1]), "key 'class_names'", "strings");

    [Fact]
    public void Class_names_that_are_one() => AssertRefused("class_names", NpyArray.FromStrings(["off"]), "key 'class_names'", "two classes");

    [Fact]
    public void Class_names_that_are_the_same() => AssertRefused("class_names", NpyArray.FromStrings(["on", "on"]), "key 'class_names'", "classes 0 and 1");

    [Fact]
    public void Class_names_that_are_empty() => AssertRefused("class_names", NpyArray.FromStrings(["on", ""]), "key 'class_names'", "class 1");

    private void AssertRefused(string key, NpyArray? array, params string[] parts)
    {
        var path = SequenceFiles.Write(_folder, key, array);
        Malformed.Refused(path, () => SequenceData.Load(path), parts);
    }
}
