using HTensor.Autodiff;
using HTensor.Core;
using HTensor.Kernels;

namespace HTensor.Tests.Examples;

/// <summary>The blocks of docs/tensor-algebra.md, one a method, letter for letter: the suite compares them with the document and runs them.</summary>
public sealed class TensorAlgebraExamples
{
    private const string Document = "docs/tensor-algebra.md";

    private readonly ExampleOutput _output = new();

    private Action[] Blocks => [Sums, Sums_2, Element_wise_products, Inner_products_and_norms, Modes, Modes_2, Trees_and_roots, Operators, Forms, Gradients];

    public static TheoryData<int> Numbers => [.. Enumerable.Range(0, DocumentBlock.Of(Document).Length)];

    [Theory]
    [MemberData(nameof(Numbers))]
    public void The_block_is_the_one_here_and_prints_what_the_document_says(int number)
    {
        var block = DocumentBlock.Of(Document)[number];
        var source = File.ReadAllText(Path.Combine(Repository.Root(), "HTensor.Tests/Examples/TensorAlgebraExamples.cs"));
        Assert.Contains(string.Join('\n', block.Code.Select(line => $"        {line}")), source, StringComparison.Ordinal);
        Blocks[number]();
        Assert.Equal(block.Prints, _output.Lines);
    }

    private static bool Close(double a, double b) => Math.Abs(a - b) <= 1e-9 * Math.Max(Math.Abs(a), Math.Abs(b));

    private void Print(object? value) => _output.Print(value);

    private void Sums()
    {
        var x = Examples.Sine(order: 6, size: 5, step: 0.3);              // a hierarchical Tucker tensor of ranks 2
        var twice = HierarchicalTucker.Add(x, x);
        Print(twice.Ranks);                                               // -> 4 4 4 4 4 4 4 4 4 4 1
        var (tensor, report) = HierarchicalTucker.Truncate(twice, Truncation.Relative(1e-10));
        Print(tensor.Ranks);                                              // -> 2 2 2 2 2 2 2 2 2 2 1
        Print(report.RelativeErrorUpperBound < 1e-10);                    // -> True
        var zero = HierarchicalTucker.Subtract(x, x);                     // rounding is all that is left: rank 1
        Print(HierarchicalTucker.Truncate(zero, Truncation.Relative(1e-10)).Tensor.Ranks); // -> 1 1 1 1 1 1 1 1 1 1 1
    }

    private void Sums_2()
    {
        var terms = Enumerable.Range(1, 6).Select(k => HierarchicalTucker.Scale(Examples.Sine(order: 6, size: 5, step: 0.3), k)).ToArray();
        var (sum, _) = HierarchicalTucker.TruncateSum(terms, Truncation.Relative(1e-9));
        Print(sum.Ranks);                                                 // -> 2 2 2 2 2 2 2 2 2 2 1
        Print(Close(HierarchicalTucker.Norm(sum), 21 * HierarchicalTucker.Norm(terms[0]))); // -> True
    }

    private void Element_wise_products()
    {
        var sine = Examples.Sine(order: 6, size: 5, step: 0.3);
        var cosine = Examples.Cosine(order: 6, size: 5, step: 0.3);
        Print(HierarchicalTucker.Square(sine).Ranks);                     // -> 4 4 4 4 4 4 4 4 4 4 1
        var squares = new[] { sine, cosine }.Select(f => HierarchicalTucker.Multiply(f, f, Truncation.Relative(1e-12)).Tensor).ToArray();
        var (one, _) = HierarchicalTucker.TruncateSum(squares, Truncation.Relative(1e-10));
        Print(one.Ranks);                                                 // -> 1 1 1 1 1 1 1 1 1 1 1
        Print(Close(HierarchicalTucker.Entry(one, 4, 0, 3, 1, 2, 2), 1)); // -> True
    }

    private void Inner_products_and_norms()
    {
        var x = Examples.Sine(order: 400, size: 3, step: 0.3);
        var y = Examples.Cosine(order: 400, size: 3, step: 0.3);
        ScaledNumber norm = HierarchicalTucker.ScaledNorm(x), inner = HierarchicalTucker.ScaledInner(x, x);
        Print(Close(inner.Log, 2 * norm.Log));                            // -> True
        Print(norm.Log > 200);                                            // -> True
        Print(HierarchicalTucker.ScaledInner(HierarchicalTucker.Scale(x, 1e200), HierarchicalTucker.Scale(y, 1e200)).Log > 500); // -> True
    }

    private void Modes()
    {
        var x = Examples.Coordinates(order: 3, size: 4);                  // X[i, j, k] = i + j + k
        Print(HierarchicalTucker.Entry(x, 3, 1, 2));                      // -> 6
        Print(HierarchicalTucker.Entries<double>(x, [0, 0, 0, 3, 3, 3])); // -> 0 9
        Print(HierarchicalTucker.ToArray(HierarchicalTucker.Slice(x, 1..2, 2..4, ..1))); // -> 3 4
        Print(HierarchicalTucker.ToArray(HierarchicalTucker.Fix(HierarchicalTucker.Fix(x, 2, 3), 0, 1))); // -> 4 5 6 7
        Print(HierarchicalTucker.ToArray(HierarchicalTucker.MeanOverModes(x, 0, 1))); // -> 3 4 5 6
        Print(Close(HierarchicalTucker.MeanOfEntries(x).Value, 4.5));        // -> True
        var sums = HierarchicalTucker.MultiplyModes<double>(x, [0, 2], [[1, 1, 1, 1], [0, 0, 0, 1]]); // [1, 4, 1]
        Print(HierarchicalTucker.ToArray(sums));                           // -> 18 22 26 30
        Print(HierarchicalTucker.ToArray(HierarchicalTucker.ContractModes(x, [1, 2], [[1.0, 0, 0, 0], [0, 0, 0, 2.0]]))); // -> 6 8 10 12
        var differences = HierarchicalTucker.MultiplyMode<double>(x, 1, [-1, 1, 0, 0, 0, -1, 1, 0], rows: 2);
        Print(differences.ModeSizes);                                     // -> 4 2 4
        Print(HierarchicalTucker.Entry(differences, 3, 1, 0));            // -> 1
        Print(HierarchicalTucker.SumOfEntries(x).Value);                  // -> 288
        Print(HierarchicalTucker.Concatenate(x, x, mode: 1).ModeSizes);   // -> 4 8 4
        Print(HierarchicalTucker.Permute(differences, 1, 0, 2).ModeSizes); // -> 2 4 4
    }

    private void Modes_2()
    {
        var x = Examples.Coordinates(order: 3, size: 4);
        var y = Examples.Coordinates(order: 2, size: 4);
        var z = HierarchicalTucker.Contract(x, [1], y, [0]);              // Z[i, k, l] = sum_j X[i, j, k] Y[j, l]
        Print(z.ModeSizes);                                               // -> 4 4 4
        Print(HierarchicalTucker.Entry(z, 0, 0, 0));                      // -> 14
        double[] ones = [1, 1, 1, 1];
        Print(HierarchicalTucker.Mttkrp(x, [ones, ones, ones], columns: 1, mode: 0)); // -> 48 64 80 96
    }

    private void Trees_and_roots()
    {
        var x = Examples.Sine(order: 4, size: 5, step: 0.3);              // over ((0,1),(2,3))
        Print(HierarchicalTucker.ChangeTree(x, DimensionTree.Parse("(((0,2),1),3)", 4)).Ranks); // -> 2 2 2 2 2 2 1
        Print(HierarchicalTucker.ChangeRoot(x, 3).Tree);                  // -> (3,(2,(0,1)))
        Print(HierarchicalTucker.Orthogonalize(x).Ranks);                 // -> 2 2 2 2 2 2 1
    }

    private void Operators()
    {
        var x = Examples.Coordinates(order: 3, size: 2);
        double[] swap = [0, 1, 1, 0];                                     // [2, 2]: exchanges two indices
        var map = HierarchicalTucker.FromCanonicalPolyadic(new CanonicalPolyadic<double>([4, 4, 4], [1.0], [swap, swap, swap]), x.Tree);
        var flip = new HierarchicalTuckerOperator<double>([2, 2, 2], [2, 2, 2], map);
        var (flipped, _) = HierarchicalTucker.Apply(flip, x, Truncation.Relative(1e-12));
        Print(HierarchicalTucker.Entry(flipped, 0, 0, 1));                // -> 2
        var identity = HierarchicalTucker.Compose(flip, flip);
        Print(HierarchicalTucker.Entry(HierarchicalTucker.Apply(identity, x), 0, 0, 1)); // -> 1
    }

    private void Forms()
    {
        var train = Examples.SineTrain(order: 4, size: 5, step: 0.3);
        Print(train.Ranks);                                               // -> 1 2 2 2 1
        var x = HierarchicalTucker.FromTensorTrain(train, DimensionTree.Balanced(4));
        Print(TensorTrain.FromHierarchicalTucker(x).Ranks);               // -> 1 2 2 2 1
        Tucker<double> tucker = HierarchicalTucker.ToTucker(x);
        Print(HierarchicalTucker.FromTucker(tucker, DimensionTree.Linear(4)).Tree); // -> (((0,1),2),3)
        var sum = new CanonicalPolyadic<double>([2, 2], [1.0, 10.0], [[1, 0, 0, 1], [1, 0, 0, 1]]);
        Print(HierarchicalTucker.ToArray(HierarchicalTucker.FromCanonicalPolyadic(sum))); // -> 1 0 0 10
        Print(TensorTrain.ToDense(TensorTrain.FromCanonicalPolyadic(sum)).Lengths.ToArray()); // -> 2 2
    }

    private void Gradients()
    {
        var tape = new Tape<double>(new ParameterSet<double>([]));
        var x = TapeTensor<double>.Input(tape, "x", Examples.Sine(order: 4, size: 5, step: 0.3));
        var norm = x.Add(x).Truncate(rank: 2).Norm();
        tape.Forward(ThreadTeam.Inline);
        tape.Backward(norm, ThreadTeam.Inline);
        Print(x.Cores.All(core => core.Gradient.ToArray().All(double.IsFinite))); // -> True
    }
}
