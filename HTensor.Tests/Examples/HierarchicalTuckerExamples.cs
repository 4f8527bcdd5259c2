using HTensor.Core;
using HTensor.Tests.Core.Decomposition;

namespace HTensor.Tests.Examples;

/// <summary>The blocks of docs/hierarchical-tucker.md, one a method, letter for letter: the suite compares them with the document and runs them.</summary>
public sealed class HierarchicalTuckerExamples
{
    private const string Document = "docs/hierarchical-tucker.md";

    private readonly ExampleOutput _output = new();

    private Action[] Blocks => [To_a_tolerance, With_ranks, The_certificate, Unprojected, Trees, Trains_and_Tucker];

    public static TheoryData<int> Numbers => [.. Enumerable.Range(0, DocumentBlock.Of(Document).Length)];

    [Theory]
    [MemberData(nameof(Numbers))]
    public void The_block_is_the_one_here_and_prints_what_the_document_says(int number)
    {
        var block = DocumentBlock.Of(Document)[number];
        var source = File.ReadAllText(Path.Combine(Repository.Root(), "HTensor.Tests/Examples/HierarchicalTuckerExamples.cs"));
        Assert.Contains(string.Join('\n', block.Code.Select(line => $"        {line}")), source, StringComparison.Ordinal);
        Blocks[number]();
        Assert.Equal(block.Prints, _output.Lines);
    }

    private static double[] Reciprocals(int[] sizes) => TensorOracle.Reciprocals(sizes);

    private static double[] Sines(int[] sizes) => TensorOracle.Sines(sizes);

    private static double Distance(double[] values, HierarchicalTucker<double> tucker) => TensorOracle.Distance(values, TensorOracle.Entries(tucker));

    private void Print(object? value) => _output.Print(value);

    private void To_a_tolerance()
    {
        int[] sizes = [10, 10, 10, 10];
        double[] values = Reciprocals(sizes);                                // 1/(i_0 + ... + i_3 + 4)
        var (tucker, report) = Hsvd.Decompose<double>(values, sizes, Truncation.Relative(1e-4));
        Print(tucker.Tree);                                                  // -> ((0,1),(2,3))
        Print(tucker.Ranks);                                                 // -> 4 4 4 4 4 4 1
        Print(tucker.StoredNumbers);                                         // -> 304
        Print(report.RelativeErrorUpperBound <= 1e-4);                       // -> True
    }

    private void With_ranks()
    {
        int[] sizes = [10, 10, 10, 10];
        var truncation = Truncation.Relative(1e-8).WithMaximalRank(5).WithMaximalRanks(new Dictionary<string, int> { ["2"] = 3 });
        var (tucker, report) = Hsvd.Decompose<double>(Reciprocals(sizes), sizes, truncation);
        Print(tucker.Ranks);                                                 // -> 5 5 5 3 5 5 1
        Print(report.RelativeErrorLowerBound > 1e-8);                        // -> True
    }

    private void The_certificate()
    {
        int[] sizes = [12, 12, 12];
        var (tucker, report) = Hsvd.Decompose<double>(Reciprocals(sizes), sizes, Truncation.MaximalRank(2));
        var node = report.Nodes[0];
        Print(node.Node);                                                    // -> 0
        Print(node.Kept.Count);                                              // -> 2
        Print(node.Error > 0 && node.Error <= report.ErrorUpperBound);       // -> True
        var error = Distance(Reciprocals(sizes), tucker);
        Print(report.ErrorLowerBound <= error && error <= report.ErrorUpperBound); // -> True
        Print(report.ErrorUpperBound - report.ErrorLowerBound < 1e-12 * report.Norm); // -> True
    }

    private void Unprojected()
    {
        int[] sizes = [12, 12, 12];
        var options = new DecompositionOptions { Stages = StageInput.Unprojected };
        var (_, report) = Hsvd.Decompose<double>(Reciprocals(sizes), sizes, Truncation.Relative(1e-3), null, options);
        Print(report.Ranks);                                                 // -> 4 4 4 4
        Print(report.RelativeErrorUpperBound <= 1e-3);                       // -> True
    }

    private void Trees()
    {
        int[] sizes = [6, 7, 8, 5];
        Print(DimensionTree.Parse("linear", order: 4));                       // -> (((0,1),2),3)
        var tree = DimensionTree.Parse("((2,0),(1,3))", order: 4);
        var (tucker, _) = Hsvd.Decompose<double>(Sines(sizes), sizes, Truncation.Relative(1e-10), tree);
        Print(tucker.Tree);                                                  // -> ((2,0),(1,3))
        Print(tucker.Ranks);                                                 // -> 2 2 2 2 2 2 1
    }

    private void Trains_and_Tucker()
    {
        int[] sizes = [6, 7, 8, 5];
        var (train, _) = TensorTrainSvd.Decompose<double>(Sines(sizes), sizes, Truncation.Relative(1e-10));
        Print(train.Ranks);                                                  // -> 1 2 2 2 1
        var (tucker, report) = SequentialHosvd.Decompose<double>(Sines(sizes), sizes, Truncation.Relative(1e-10));
        Print(tucker.Ranks);                                                 // -> 2 2 2 2
        Print(report.Nodes[3].Node);                                         // -> 3
    }
}
