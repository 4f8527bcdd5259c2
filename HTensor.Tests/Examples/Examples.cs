using HTensor.Core;
using HTensor.Tests.Core.Algebra;

namespace HTensor.Tests.Examples;

/// <summary>The tensors that the documents' examples begin with, over balanced trees.</summary>
internal static class Examples
{
    /// <summary>sin(step (x_0 + ... + x_(d-1))).</summary>
    public static HierarchicalTucker<double> Sine(int order, int size, double step) => Exact(SumFunctions.Sine(order, size, step));

    public static HierarchicalTucker<double> Cosine(int order, int size, double step) => Exact(SumFunctions.Cosine(order, size, step));

    public static TensorTrain<double> SineTrain(int order, int size, double step) => SumFunctions.Sine(order, size, step);

    /// <summary>x_0 + ... + x_(d-1).</summary>
    public static HierarchicalTucker<double> Coordinates(int order, int size) => Exact(SumFunctions.Coordinates(order, size));

    private static HierarchicalTucker<double> Exact(TensorTrain<double> train) =>
        HierarchicalTucker.Truncate(HierarchicalTucker.FromTensorTrain(train, DimensionTree.Balanced(train.Order)), Truncation.Exact).Tensor;
}
