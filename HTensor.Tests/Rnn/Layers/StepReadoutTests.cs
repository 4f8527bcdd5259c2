using HTensor.Autodiff;
using HTensor.Kernels;
using HTensor.Rnn;

namespace HTensor.Tests.Rnn;

public sealed class StepReadoutTests
{
    private const int Rows = 3;

    [Theory]
    [InlineData(Readout.Last)]
    [InlineData(Readout.Mean)]
    public void Reads_the_valid_steps_of_each_sample(Readout readout)
    {
        var batch = SmallBatch.Load<double>();
        var tape = new Tape<double>(SmallBatch.RandomParameters());
        var h = tape.Input("h", [batch.Groups * batch.Steps, Rows, LaneBlock.Width], InputGradients.Computed);
        new Philox(9).FillNormal(h.Value.Span, 1.0);
        // What no layer computes may hold anything.
        for (var unit = 0; unit < batch.Groups * batch.Steps; unit++)
            if (!batch.IsActive(unit)) h.Value.Span.Slice(unit * Rows * LaneBlock.Width, Rows * LaneBlock.Width).Fill(double.NaN);
        var y = tape.Record(new StepReadout<double>("readout", batch, readout), h);
        tape.Forward(ThreadTeam.Inline);
        for (var lane = 0; lane < batch.Groups * LaneBlock.Width; lane++)
        {
            var length = lane < SmallBatch.Samples ? SmallBatch.Length(lane) : 0;
            for (var row = 0; row < Rows; row++)
            {
                double At(int step) => h.Value.Span[((lane / LaneBlock.Width * batch.Steps + step) * Rows + row) * LaneBlock.Width + lane % LaneBlock.Width];
                var expected = length == 0 ? 0 : readout == Readout.Last ? At(length - 1) : Enumerable.Range(0, length).Average(At);
                Assert.Equal(expected, y.Value.Span[(lane / LaneBlock.Width * Rows + row) * LaneBlock.Width + lane % LaneBlock.Width], 1e-15);
            }
        }
    }

    [Fact]
    public void Its_shape_is_named()
    {
        var batch = SmallBatch.Load<double>();
        var tape = new Tape<double>(SmallBatch.RandomParameters());
        var message = Assert.Throws<ArgumentException>(() => tape.Record(new StepReadout<double>("readout", batch, Readout.Last), tape.Input("h", [7, Rows, LaneBlock.Width]))).Message;
        Assert.Equal("readout: expected [8, rows, 16], found [7, 3, 16]", message);
    }
}
