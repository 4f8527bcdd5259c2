using HTensor.Rnn;

namespace HTensor.Tests.Rnn.Data;

public sealed class CsvTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Rows_of_one_sequence_are_its_steps()
    {
        var data = Load("""
            sequence,a,class,"b, too",split,group
            s1,1,up,2,train,x
            s2,3,"do""wn",4,test,y
            s1,5,up,6.5e0,train,x

            s3,7,up,8,validation,x
            """);
        Assert.Equal(["do\"wn", "up"], data.ClassNames);
        Assert.Equal("0, 2, 1", $"{Assert.Single(data.TrainIndices)}, {Assert.Single(data.ValidationIndices)}, {Assert.Single(data.TestIndices)}");
        Assert.Equal([0, 1, 0], data.Groups!);
        Assert.Equal((2, 2, 1), (data.Source.Steps, data.Source.Length(0), data.Source.Length(1)));
        Assert.Equal([1f, 2, 5, 6.5f], Values(data, 0));
        Assert.Equal([3f, 4, 0, 0], Values(data, 1));
    }

    [Fact]
    public void Without_sequences_a_row_is_one_of_one_value_a_step()
    {
        var data = Load("class,t0,t1,t2\n10,1,2,3\n9,4,,\n9,5,6,\n10,7,8,9\n10,1,1,1\n9,1,1,1\n9,2,2,2\n10,2,2,2\n10,3,3,3\n9,3,3,3\n");
        Assert.Equal(["9", "10"], data.ClassNames);
        Assert.Equal((3, 1, 2), (data.Source.Steps, data.Source.Length(1), data.Source.Length(2)));
        Assert.Equal([1], data.FrameShape);
        Assert.Equal([4f, 0, 0], Values(data, 1));
        // A fifth of each class, by a seed.
        Assert.Equal((8, 2), (data.TrainIndices.Length, data.TestIndices.Length));
        Assert.Equal([0, 1], data.TestIndices.Select(data.Source.Label).Order());
    }

    [Theory]
    [InlineData("", "the file is empty")]
    [InlineData("\n\n", "expected a header and one row or more, found none")]
    [InlineData("class,a\n", "expected a header and one row or more, found none")]
    [InlineData("a,b\n1,2\n", "line 1: expected a column 'class', found a, b")]
    [InlineData("class,split\nx,train\n", "line 1: expected a column of values or more, found none")]
    [InlineData("class,a,a\nx,1,2\n", "line 1: expected different column names, found one twice")]
    [InlineData("class,a\nx,1\ny\n", "line 3: expected 2 cells, found 1")]
    [InlineData("class,a\nx,one\n", "line 2: column 'a': expected a finite number, found 'one'")]
    [InlineData("class,a\nx,NaN\n", "line 2: column 'a': expected a finite number, found 'NaN'")]
    [InlineData("class,a\n,1\n", "line 2: column 'class': expected text, found none")]
    [InlineData("class,a\n\"x,1\n", "line 2: cell: expected a closing quote, found the line's end")]
    [InlineData("class,a\n\"x\"y,1\n", "line 2: character 4: expected a comma after the quote, found 'y'")]
    [InlineData("class,a,split\nx,1,dev\n", "line 2: column 'split': expected train, validation or test, found 'dev'")]
    [InlineData("class,sequence,a\nx,s,1\ny,s,2\n", "line 3: sequence 's': expected one class, split and group in all of its rows, found another")]
    [InlineData("class,a\nx,1\nx,2\n", "class names: expected two classes or more, found 1")]
    [InlineData("class,a\nx,1\ny,2\n", "expected one sample or more, found none")]
    public void What_is_wrong_is_named(string text, string problem)
    {
        var path = _folder.File("data.csv", System.Text.Encoding.UTF8.GetBytes(text));
        Malformed.Refused(path, () => SequenceData.LoadCsv(path), problem);
    }

    private static float[] Values(SequenceData data, int sample) =>
        System.Runtime.InteropServices.MemoryMarshal.Cast<byte, float>(data.Source.Read(sample, Memory<byte>.Empty).Span).ToArray();

    private SequenceData Load(string text) => SequenceData.LoadCsv(_folder.File("data.csv", System.Text.Encoding.UTF8.GetBytes(text)));
}
