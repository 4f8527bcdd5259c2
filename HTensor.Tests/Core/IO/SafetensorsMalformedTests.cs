using System.Globalization;
using System.Text;
using HTensor.Core;
using Xunit;

namespace HTensor.Tests.Core.IO;

public sealed class SafetensorsMalformedTests : IDisposable
{
    private const string Good = """{"__metadata__":{"k":"v"},"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}}""";

    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void No_file() => Assert.Throws<FileNotFoundException>(() => SafetensorsFile.Read(_folder.File("absent")));

    [Fact]
    public void Empty() => AssertRefused([], "empty");

    [Fact]
    public void Cut_short_at_every_length()
    {
        var whole = SafetensorsFileTests.Make(Good, new byte[8]);
        for (var length = 0; length < whole.Length; length++) AssertRefused(whole[..length]);
    }

    [Fact]
    public void Every_single_byte_of_the_header_changed_gives_tensors_or_one_refusal()
    {
        var whole = SafetensorsFileTests.Make(Good, new byte[8]);
        var path = _folder.File("changed");
        foreach (var change in new byte[] { 0x01, 0x10, 0x80, 0xFF })
        {
            for (var i = 0; i < whole.Length - 8; i++)
            {
                var changed = whole.ToArray();
                changed[i] ^= change;
                File.WriteAllBytes(path, changed);
                var exception = Record.Exception(() => SafetensorsFile.Read(path));
                Assert.True(exception is null or InvalidDataException, $"byte {i} ^ {change}: {exception}");
            }
        }
    }

    [Theory]
    [InlineData(1ul << 60)]
    [InlineData(ulong.MaxValue)]
    [InlineData((8ul << 20) + 1)]
    public void A_header_that_claims_more_than_there_can_be(ulong claim) =>
        AssertRefused([.. BitConverter.GetBytes(claim), .. Encoding.UTF8.GetBytes(Good)], "header length", claim.ToString(CultureInfo.InvariantCulture));

    [Theory]
    [InlineData("")]
    [InlineData("[]")]
    [InlineData("{")]
    [InlineData("{} x")]
    [InlineData("{}\0")]
    [InlineData("""{"a":1}""")]
    [InlineData("""{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]},}""")]
    [InlineData("""{"__metadata__":{"k":1}}""")]
    [InlineData("""{"__metadata__":[]}""")]
    [InlineData("""{"__metadata__":{"k":"v","k":"w"}}""")]
    [InlineData("""{"__metadata__":{},"__metadata__":{}}""")]
    [InlineData("""{"\ud800":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}}""")]
    [InlineData("""{"a":{"a":{"a":{"a":{"a":{"a":{"a":{"a":{"a":{"a":{}}}}}}}}}}}""")]
    public void Headers_that_are_none(string json) => AssertRefused(SafetensorsFileTests.Make(json, new byte[8]));

    [Theory]
    [InlineData("\"dtype\":\"F33\",\"shape\":[2],\"data_offsets\":[0,8]", "'F33'")]
    [InlineData("\"dtype\":\"f32\",\"shape\":[2],\"data_offsets\":[0,8]", "BF16, F32 or F64")]
    [InlineData("\"dtype\":7,\"shape\":[2],\"data_offsets\":[0,8]", "a string")]
    [InlineData("\"shape\":[2],\"data_offsets\":[0,8]", "no dtype")]
    [InlineData("\"dtype\":\"F32\",\"data_offsets\":[0,8]", "no shape")]
    [InlineData("\"dtype\":\"F32\",\"shape\":[2]", "no data_offsets")]
    [InlineData("\"dtype\":\"F32\",\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[0,8]", "once each")]
    [InlineData("\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[0,8],\"more\":1", "'more'")]
    [InlineData("\"dtype\":\"F32\",\"shape\":2,\"data_offsets\":[0,8]", "list of integers")]
    [InlineData("\"dtype\":\"F32\",\"shape\":[2.5],\"data_offsets\":[0,8]", "integer")]
    [InlineData("\"dtype\":\"F32\",\"shape\":[-2],\"data_offsets\":[0,8]", "integer")]
    [InlineData("\"dtype\":\"F32\",\"shape\":[1e400],\"data_offsets\":[0,8]", "integer")]
    [InlineData("\"dtype\":\"F32\",\"shape\":[3],\"data_offsets\":[0,8]", "12 bytes")]
    [InlineData("\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[8,0]", "8 bytes")]
    [InlineData("\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[0]", "[begin, end]")]
    [InlineData("\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[0,8,16]", "[begin, end]")]
    [InlineData("\"dtype\":\"F32\",\"shape\":[1152921504606846976,16],\"data_offsets\":[0,8]", "overflows")]
    [InlineData("\"dtype\":\"F32\",\"shape\":[1152921504606846976,0],\"data_offsets\":[0,0]", "mode sizes")]
    [InlineData("\"dtype\":\"U8\",\"shape\":[1152921504606846976],\"data_offsets\":[0,1152921504606846976]", "size")]
    [InlineData("\"dtype\":\"F32\",\"shape\":[100000000],\"data_offsets\":[0,400000000]", "cut short")]
    [InlineData("\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[4,8]", "hole")]
    [InlineData("\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[0,4]", "too long")]
    public void Tensors_that_say_something_else(string tensor, string part) =>
        AssertRefused(SafetensorsFileTests.Make($"{{\"a\":{{{tensor}}}}}", new byte[8]), part);

    [Theory]
    [InlineData("[0,8]", "[4,8]", "overlap")]
    [InlineData("[0,4]", "[0,4]", "overlap")]
    public void Tensors_that_overlap(string first, string second, string part)
    {
        var shape = first == "[0,8]" ? 2 : 1;
        var json = $"{{\"a\":{{\"dtype\":\"F32\",\"shape\":[{shape}],\"data_offsets\":{first}}},\"b\":{{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":{second}}}}}";
        AssertRefused(SafetensorsFileTests.Make(json, new byte[8]), "key 'b'", part);
    }

    [Fact]
    public void A_name_twice()
    {
        const string json = """{"a":{"dtype":"U8","shape":[1],"data_offsets":[0,1]},"a":{"dtype":"U8","shape":[1],"data_offsets":[1,2]}}""";
        AssertRefused(SafetensorsFileTests.Make(json, new byte[2]), "key 'a'", "twice");
    }

    [Fact]
    public void A_bool_that_is_neither() => AssertRefused(
        SafetensorsFileTests.Make("""{"a":{"dtype":"BOOL","shape":[2],"data_offsets":[0,2]}}""", [1, 3]), "key 'a'", "element 1", "found 3");

    [Fact]
    public void Invalid_utf8_in_a_name()
    {
        var whole = SafetensorsFileTests.Make("""{"?":{"dtype":"U8","shape":[1],"data_offsets":[0,1]}}""", new byte[1]);
        whole[10] = 0xC0;
        AssertRefused(whole, "JSON");
    }

    [Fact]
    public void The_most_tensors_that_a_header_can_name_cost_little_memory()
    {
        // Empty tensors with the shortest names: the header's worst ratio of memory to bytes. The hole at the end makes it a refusal.
        var json = new StringBuilder("{");
        for (var i = 0; json.Length < SafetensorsFile.MaximalHeader - 200; i++)
            json.Append(CultureInfo.InvariantCulture, $"\"{i:x}\":{{\"dtype\":\"U8\",\"shape\":[0],\"data_offsets\":[0,0]}},");
        json.Length--;
        AssertRefused(SafetensorsFileTests.Make(json.Append('}').ToString(), new byte[1]), "too long");
    }

    private void AssertRefused(byte[] content, params string[] parts)
    {
        var path = _folder.File("bad.safetensors", content);
        Malformed.Refused(path, () => SafetensorsFile.Read(path), parts);
    }
}
