using HTensor.Kernels;
using HTensor.Rnn;

namespace HTensor.Tests.Rnn;

/// <summary>Streams, one by one and in batches, against predictions over whole sequences.</summary>
public sealed class StreamingTests
{
    public static TheoryData<string, FrameElement> Cases
    {
        get
        {
            var cases = new TheoryData<string, FrameElement>();
            foreach (var model in StreamTask.Models.Keys)
            {
                foreach (var element in Enum.GetValues<FrameElement>()) cases.Add(model, element);
            }

            return cases;
        }
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void A_stream_predicts_what_the_sequence_so_far_does(string model, FrameElement element)
    {
        var task = new StreamTask(model, element);
        var stream = task.Model.CreateStream();
        for (var round = 0; round < 2; round++)
        {
            for (var step = 0; step < StreamTask.Steps; step++)
            {
                Assert.Equal(step, stream.Steps);
                StreamTask.AssertNear(task.Expected(0, step + 1), task.Step(stream, 0, step));
            }

            stream.Reset();
        }
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void A_batch_of_streams_predicts_what_each_would_alone(string model, FrameElement element)
    {
        var task = new StreamTask(model, element);
        foreach (var count in new[] { 1, 16, 19 })
        {
            var batch = task.Model.CreateStreams(count);
            var next = new int[count];
            for (var step = 0; step < 2 * StreamTask.Steps; step++)
            {
                // Some rest, some begin anew.
                var present = Enumerable.Range(0, count).Where(stream => (stream + step) % 5 != 0 && next[stream] < StreamTask.Steps).ToHashSet();
                var found = task.Step(batch, stream => present.Contains(stream) ? next[stream] : -1);
                for (var stream = 0; stream < count; stream++)
                {
                    var row = found.AsSpan(stream * task.Outputs, task.Outputs).ToArray();
                    if (present.Contains(stream)) StreamTask.AssertNear(task.Expected(stream, ++next[stream]), row);
                    else Assert.All(row, value => Assert.Equal(-1, value));
                    Assert.Equal(next[stream], batch.Steps(stream));
                }

                if (step % 3 != 2) continue;
                next[count - 1] = 0;
                batch.Reset(count - 1);
            }
        }
    }

    [Fact]
    public void Streams_on_many_threads_share_a_model()
    {
        var task = new StreamTask("mean", FrameElement.UInt8);
        var expected = Enumerable.Range(0, 8).Select(sample => Run(task, sample)).ToArray();
        var found = new float[8][][];
        for (var round = 0; round < 20; round++)
        {
            var threads = Enumerable.Range(0, 8).Select(sample => new Thread(() => found[sample] = Run(task, sample))).ToList();
            threads.ForEach(thread => thread.Start());
            threads.ForEach(thread => thread.Join());
            Assert.Equal(expected, found);
        }

        static float[][] Run(StreamTask task, int sample)
        {
            var stream = task.Model.CreateStream();
            return [.. Enumerable.Range(0, StreamTask.Steps).Select(step => task.Step(stream, sample, step))];
        }
    }

    [Fact]
    public void A_stream_in_two_threads_at_once_is_refused()
    {
        var task = new StreamTask("wide dense", FrameElement.UInt8);
        var stream = task.Model.CreateStream();
        Exception? refused = null;
        var threads = Enumerable.Range(0, 2).Select(_ => new Thread(Hammer)).ToList();
        threads.ForEach(thread => thread.Start());
        threads.ForEach(thread => thread.Join());
        Assert.StartsWith("stream: expected one step at a time, found another thread", Assert.IsType<InvalidOperationException>(refused).Message, StringComparison.Ordinal);
        task.Step(stream, 0, 0);

        void Hammer()
        {
            for (var i = 0; i < 1_000_000 && Volatile.Read(ref refused) is null; i++)
            {
                try
                {
                    task.Step(stream, 0, 0);
                }
                catch (InvalidOperationException exception)
                {
                    Volatile.Write(ref refused, exception);
                }
            }
        }
    }

    [Fact]
    public void A_batch_within_its_own_step_is_refused()
    {
        var task = new StreamTask("ht", FrameElement.UInt8);
        var batch = task.Model.CreateStreams(1);
        using var frame = new CallingMemory(task.Frame(0, 0), () => batch.Reset(0));
        Assert.StartsWith("streams: expected one step at a time", Assert.Throws<InvalidOperationException>(() => batch.Step([frame.Memory], new float[task.Outputs])).Message, StringComparison.Ordinal);
        batch.Reset(0);
    }

    [Fact]
    public void A_stream_keeps_the_weights_it_was_made_with()
    {
        var task = new StreamTask("ht", FrameElement.UInt8);
        var (before, other) = (task.Model.CreateStream(), task.Model.CreateStreams(1));
        var expected = task.Step(task.Model.CreateStream(), 0, 0);
        task.Model.Parameters.Values.Fill(0.5f);
        Assert.Equal(expected, task.Step(before, 0, 0));
        StreamTask.AssertNear(expected, task.Step(other, _ => 0));
        StreamTask.AssertNear(task.Expected(0, 1), task.Step(task.Model.CreateStream(), 0, 0));
        task.ForgetExpected();
        task.Model.Scaling = new FrameScaling([3], [40]);
        StreamTask.AssertNear(task.Expected(0, 1), task.Step(task.Model.CreateStream(), 0, 0));
    }

    [Theory]
    [InlineData("ht")]
    [InlineData("dense")]
    [InlineData("two layers of gru")]
    [InlineData("dense front")]
    public void A_step_allocates_nothing(string model)
    {
        var task = new StreamTask(model, FrameElement.UInt8);
        var (stream, batch, probabilities) = (task.Model.CreateStream(), task.Model.CreateStreams(3), new float[3 * task.Outputs]);
        ReadOnlyMemory<byte>[] frames = [task.Frame(0, 0), task.Frame(1, 0), task.Frame(2, 0)];
        float[] floats = [.. frames[0].ToArray().Select(value => (float)value)];
        ReadOnlyMemory<float>[] floatFrames = [floats, floats, floats];
        Step();
        Assert.Equal(0, Allocation.Of(Step));

        void Step()
        {
            stream.Step(frames[0].Span, probabilities.AsSpan(0, task.Outputs));
            stream.Step(floats, probabilities.AsSpan(0, task.Outputs));
            batch.Step(frames, probabilities);
            batch.Step(floatFrames, probabilities);
        }
    }

    [Fact]
    public void What_does_not_fit_is_refused_and_named()
    {
        var task = new StreamTask("ht", FrameElement.UInt8);
        var (stream, batch) = (task.Model.CreateStream(), task.Model.CreateStreams(2));
        var (frame, p) = (new byte[24], new float[task.Outputs]);
        string Message(Action action) => Assert.ThrowsAny<ArgumentException>(action).Message;
        Assert.Contains("frame: expected 24 values, found 23", Message(() => stream.Step(new byte[23], p)), StringComparison.Ordinal);
        Assert.Contains("frame: expected 24 values, found 25", Message(() => stream.Step(new float[25], p)), StringComparison.Ordinal);
        Assert.Contains("prediction: expected one element for each of 3 outputs, found 2", Message(() => stream.Step(frame, new float[2])), StringComparison.Ordinal);
        Assert.Contains("frames: expected one for each of 2 streams, found 1", Message(() => batch.Step([frame], new float[6])), StringComparison.Ordinal);
        Assert.Contains("frame of stream 1: expected 24 values, or none for a stream that rests, found 3", Message(() => batch.Step([frame, new byte[3]], new float[6])), StringComparison.Ordinal);
        Assert.Contains("predictions: expected 2 streams x 3 outputs, 6 elements, found 3", Message(() => batch.Step([frame, frame], p)), StringComparison.Ordinal);
        Assert.Contains("stream: expected 0 to 1, found 2", Message(() => batch.Reset(2)), StringComparison.Ordinal);
        Assert.Contains("stream: expected 0 to 1, found -1", Message(() => batch.Steps(-1)), StringComparison.Ordinal);
        Assert.Throws<ArgumentOutOfRangeException>(() => task.Model.CreateStreams(0));
        Assert.Equal(0, stream.Steps);
    }

    [Fact]
    public void A_bidirectional_model_has_no_streams()
    {
        var model = SequenceClassifier.Create(StreamTask.Models["ht"] with { Direction = Direction.Bidirectional });
        Assert.StartsWith("stream: expected a model that reads forward, found a bidirectional one", Assert.Throws<NotSupportedException>(model.CreateStream).Message, StringComparison.Ordinal);
        Assert.Throws<NotSupportedException>(() => model.CreateStreams(2));
    }

    [Fact]
    public void A_frame_that_is_no_symbol_is_refused_and_changes_nothing()
    {
        var task = new StreamTask("symbols", FrameElement.UInt8);
        var (stream, p) = (task.Model.CreateStream(), new float[task.Outputs]);
        Assert.Contains("frame: expected a symbol of 0 to 6, found 7", Assert.Throws<ArgumentException>(() => stream.Step([(byte)7], p)).Message, StringComparison.Ordinal);
        Assert.Contains("found NaN", Assert.Throws<ArgumentException>(() => stream.Step([float.NaN], p)).Message, StringComparison.Ordinal);
        StreamTask.AssertNear(task.Expected(0, 1), task.Step(stream, 0, 0));
    }
}
