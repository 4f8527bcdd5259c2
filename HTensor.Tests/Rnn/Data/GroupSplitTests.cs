using FsCheck.Xunit;
using HTensor.Core;
using HTensor.Rnn;

namespace HTensor.Tests.Rnn.Data;

public sealed class GroupSplitTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Property(MaxTest = 50)]
    public void A_group_stays_on_one_side_and_every_class_in_training(int seed, byte groupSize)
    {
        const int count = 200;
        var size = 1 + groupSize % 20;
        int[] groups = [.. Enumerable.Range(0, count).Select(sample => sample / size)];
        var labels = Enumerable.Range(0, count).Select(sample => sample % 3).ToArray();
        var source = ArraySequenceSource.FromBytes(new byte[count], 1, [1], labels);
        var data = SequenceData.Create(source, ["a", "b", "c"], Enumerable.Range(0, 180).ToArray(), Enumerable.Range(180, 20).ToArray(), null, groups);
        var split = data.SplitValidation(0.25, (ulong)seed);
        Assert.Equal(data.TrainIndices, split.TrainIndices.Concat(split.ValidationIndices).Order());
        Assert.Empty(split.TrainIndices.Select(sample => groups[sample]).Intersect(split.ValidationIndices.Select(sample => groups[sample])));
        Assert.Equal(3, split.TrainIndices.Select(sample => labels[sample]).Distinct().Count());
        // Greedy over many small groups: not further off than a group, and a sample for each class, which may pull in different directions.
        Assert.InRange(split.ValidationIndices.Length, 45 - size - 3, 45 + size + 3);
        Assert.Equal(split.ValidationIndices, data.SplitValidation(0.25, (ulong)seed).ValidationIndices);
    }

    [Fact]
    public void A_file_names_groups_by_numbers_or_by_text()
    {
        var numbers = SequenceData.Load(SequenceFiles.Write(_folder, "group", NpyArray.From<long>([7, 7, -1, -1, 7, 3])));
        Assert.Equal([0, 0, 1, 1, 0, 2], numbers.Groups!);
        Assert.Equal([0, 1, 0, 0, 1, 2], SequenceData.Load(SequenceFiles.Write(_folder, "group", NpyArray.FromStrings(["x", "y", "x", "x", "y", "zed"]))).Groups!);
        Assert.Null(SequenceData.Load(SequenceFiles.Write(_folder)).Groups);
        var path = SequenceFiles.Write(_folder, "group", NpyArray.From<long>([1, 2]));
        Malformed.Refused(path, () => SequenceData.Load(path), "key 'group'", "expected [6]", "found [2]");
    }

    [Fact]
    public void Real_sources_stay_on_one_side()
    {
        var data = SequenceData.Load(SharedData.Require("surv_fight_160x120_sub96.npz")).SplitValidation(0.2, 1);
        Assert.Empty(data.TrainIndices.Select(sample => data.Groups![sample]).Intersect(data.ValidationIndices.Select(sample => data.Groups![sample])));
        Assert.InRange(data.ValidationIndices.Length, 6, 20);
    }
}
