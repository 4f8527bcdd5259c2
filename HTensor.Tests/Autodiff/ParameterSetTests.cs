using System.Security.Cryptography;
using HTensor.Autodiff;
using Xunit;

namespace HTensor.Tests.Autodiff;

public sealed class ParameterSetTests
{
    [Fact]
    public void Values_stand_in_one_buffer_in_the_order_given()
    {
        var set = Set();
        Assert.Equal(2 * 3 + 4 + 1, set.Length);
        Assert.Equal([0, 6, 10], set.Items.Select(p => p.Offset));
        Assert.Equal([6, 4, 1], set.Items.Select(p => p.Length));
        set["bias"].Values.Fill(7);
        set["scale"].Memory.Span[0] = 9;
        Assert.Equal([0, 0, 0, 0, 0, 0, 7, 7, 7, 7, 9], set.Values.ToArray());
        Assert.Equal(set.Values.ToArray(), set.Memory.ToArray());
        Assert.Same(set.Items[1], set["bias"]);
        Assert.Equal("weight [2, 3]", set["weight"].Shape.ToString());
    }

    [Fact]
    public void A_shape_is_its_name_and_sizes()
    {
        Assert.Equal(new ParameterShape("w", [2, 3]), new ParameterShape("w", new List<int> { 2, 3 }));
        Assert.NotEqual(new ParameterShape("w", [2, 3]), new ParameterShape("w", [3, 2]));
        Assert.NotEqual(new ParameterShape("w", [2, 3]), new ParameterShape("v", [2, 3]));
        Assert.Throws<OverflowException>(() => new ParameterShape("w", [70_000, 70_000]).Length);
    }

    [Fact]
    public void A_list_of_sizes_that_changes_later_changes_nothing()
    {
        int[] sizes = [2, 3];
        var set = new ParameterSet<float>([new("w", sizes)]);
        sizes[0] = 5;
        Assert.Equal([2, 3], set["w"].Shape.Sizes);
    }

    [Fact]
    public void Shapes_that_cannot_be_are_named()
    {
        Refused("name of its own, found 'w' a second time", new("w", [1]), new("w", [2]));
        Refused("size of mode 1 of w [2, 0]: expected at least 1, found 0", new ParameterShape("w", [2, 0]));
        Refused("size of mode 0 of w [-2, -3]: expected at least 1, found -2", new ParameterShape("w", [-2, -3]));
        Refused("name of parameter 1", new("w", [2]), new("", [2]));
        Refused("values up to w: expected at most", new ParameterShape("w", [int.MaxValue, int.MaxValue, int.MaxValue]));
        Assert.Throws<NotSupportedException>(() => new ParameterSet<Half>([]));
        Assert.Contains("expected one of weight, bias, scale, found 'biases'", Assert.Throws<ArgumentException>(() => Set()["biases"]).Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public void Copies_want_the_same_shapes()
    {
        var (from, to) = (Set(), Set());
        for (var i = 0; i < from.Length; i++) from.Values[i] = i;
        to.CopyFrom(from);
        Assert.Equal(from.Values.ToArray(), to.Values.ToArray());
        var other = new ParameterSet<float>([new("weight", [3, 2]), new("bias", [4]), new("scale", [])]);
        var exception = Assert.Throws<ArgumentException>(() => other.CopyFrom(from));
        Assert.Contains("parameter 0: expected weight [3, 2], found weight [2, 3]", exception.Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => new ParameterSet<float>([]).CopyFrom(from));
    }

    [Fact]
    public void The_hash_is_SHA256_of_the_bytes()
    {
        // FIPS 180-4 of no bytes, and of what the framework computes of all bytes at once.
        Assert.Equal("e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855", new ParameterSet<float>([]).Sha256());
        var set = new ParameterSet<double>([new("a", [700, 1500]), new("b", [5])]);
        for (var i = 0; i < set.Length; i++) set.Values[i] = i * 0.1;
        var bytes = new byte[set.Length * sizeof(double)];
        for (var i = 0; i < set.Length; i++) System.Buffers.Binary.BinaryPrimitives.WriteDoubleLittleEndian(bytes.AsSpan(i * 8), set.Values[i]);
        Assert.Equal(Convert.ToHexStringLower(SHA256.HashData(bytes)), set.Sha256());
        var before = set.Sha256();
        set["b"].Values[4] = -0.0;
        Assert.NotEqual(before, set.Sha256());
    }

    private static ParameterSet<float> Set() => new([new("weight", [2, 3]), new("bias", [4]), new("scale", [])]);

    private static void Refused(string message, params ParameterShape[] shapes) =>
        Assert.Contains(message, Assert.Throws<ArgumentException>(() => new ParameterSet<float>(shapes)).Message, StringComparison.Ordinal);
}
