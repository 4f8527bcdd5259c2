using FsCheck;
using FsCheck.Xunit;
using HTensor.Core;
using HTensor.Rnn;

namespace HTensor.Tests.Rnn.Models;

public sealed class GateLayoutTests
{
    [Theory]
    [InlineData(GateMode.First, "2x3 -> 4x3", "0,3,6,9 0,1,2")]
    [InlineData(GateMode.Last, "2x3 -> 2x6", "0,3 0,1,2,6,7,8")]
    [InlineData(GateMode.Own, "1x2x3 -> 2x2x3", "0,6 0,3 0,1,2")]
    public void Two_gates_of_2x3_hidden_units(GateMode mode, string modes, string offsets)
    {
        var layout = GateLayout.Create(WeightFormat.TensorTrain(1), [2, 3], [2, 3], 2, mode);
        Assert.Equal(modes, layout.Network.Modes.ToString());
        Assert.Equal(offsets, string.Join(' ', layout.OutputOffsets.Select(table => string.Join(',', table))));
        Assert.Equal((2, 6), (layout.Gates, layout.Hidden));
    }

    [Fact]
    public void A_mode_of_their_own_stands_alone_where_modes_are_not_paired()
    {
        var layout = GateLayout.Create(WeightFormat.TensorRing(2), [5, 6], [2, 3, 2], 4, GateMode.Own);
        Assert.Equal("5x6 -> 4x2x3x2", layout.Network.Modes.ToString());
    }

    [Theory]
    [InlineData(GateMode.First)]
    [InlineData(GateMode.Last)]
    [InlineData(GateMode.Own)]
    public void Whole_sides_have_one_table_row_by_row(GateMode mode)
    {
        var layout = GateLayout.Create(WeightFormat.Dense, [2, 3], [2, 3], 4, mode);
        Assert.Equal("6 -> 24", layout.Network.Modes.ToString());
        Assert.Equal(Enumerable.Range(0, 24), Assert.Single(layout.OutputOffsets));
    }

    [Property]
    public bool Every_row_is_reached_once(NonEmptyArray<PositiveInt> sizes, PositiveInt gates, GateMode mode)
    {
        int[] hidden = [.. sizes.Get.Take(4).Select(size => 1 + size.Get % 4)];
        IMatrixFormat[] formats = [WeightFormat.Dense, WeightFormat.TensorTrain(1), WeightFormat.TensorRing(1), WeightFormat.HierarchicalTucker(1, 1)];
        return formats.All(format =>
        {
            var layout = GateLayout.Create(format, hidden, hidden, 1 + gates.Get % 4, mode);
            var modes = layout.Network.Modes;
            IEnumerable<int> rows = [0];
            foreach (var table in layout.OutputOffsets) rows = [.. rows.SelectMany(row => table.Select(offset => row + offset))];
            return layout.OutputOffsets.Select(table => table.Length).SequenceEqual(modes.Outputs) && rows.Order().SequenceEqual(Enumerable.Range(0, modes.Columns));
        });
    }

    [Fact]
    public void Gates_move_by_the_hidden_units_and_hidden_modes_within_them()
    {
        foreach (var mode in Enum.GetValues<GateMode>())
        {
            var layout = GateLayout.Create(WeightFormat.TensorTrain(1), [2, 2, 2], [3, 5, 2], 4, mode);
            for (var gate = 0; gate < 4; gate++)
                for (var hidden = 0; hidden < 30; hidden++)
                {
                    int[] index = [hidden / 10, hidden / 2 % 5, hidden % 2];
                    if (mode == GateMode.First) index[0] += gate * 3;
                    if (mode == GateMode.Last) index[2] += gate * 2;
                    if (mode == GateMode.Own) index = [gate, .. index];
                    Assert.Equal(gate * 30 + hidden, index.Select((at, k) => layout.OutputOffsets[k][at]).Sum());
                }
        }
    }

    [Fact]
    public void More_rows_than_an_array_holds_are_refused()
    {
        var refused = Assert.Throws<ArgumentException>(() => GateLayout.Create(WeightFormat.Dense, [1], [int.MaxValue], 4, GateMode.First));
        Assert.Equal($"gates x hidden units: expected at most {Array.MaxLength} rows, found 4 x 2147483647", refused.Message);
    }
}
