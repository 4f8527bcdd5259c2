using System.Numerics;
using System.Numerics.Tensors;
using System.Reflection;
using System.Runtime.Intrinsics;
using System.Text.RegularExpressions;

namespace HTensor.Tests.Architecture;

/// <summary>
/// BannedSymbols.txt has every overload of what it bans: the analyzer says nothing of an entry that names no symbol, nor of an overload that a new
/// version of the runtime brings.
/// </summary>
public sealed partial class BannedSymbolsTests
{
    /// <summary>What goes to the C library, or to polynomials that change with the width.</summary>
    private const string Transcendental = "A?(Cos|Sin|Tan)(Pi|h)?|Atan2(Pi)?|SinCos(Pi)?|Exp(2|10)?(M1)?|Log(2|10)?(P1)?|Pow|Cbrt|RootN|Hypot";
    private const string Estimate = "MultiplyAddEstimate|Reciprocal(Sqrt)?Estimate|Lerp";
    private const string Reduction =
        "Average|CosineSimilarity|Distance|Dot|Norm|Product(OfDifferences|OfSums)?|StdDev|Sum(OfMagnitudes|OfSquares)?|SoftMax|Sigmoid|MultiplyAdd|AddMultiply";

    [Theory]
    [InlineData(typeof(Math), Transcendental, Estimate)]
    [InlineData(typeof(MathF), Transcendental, Estimate)]
    [InlineData(typeof(float), Transcendental, Estimate)]
    [InlineData(typeof(double), Transcendental, Estimate)]
    [InlineData(typeof(INumberBase<>), Transcendental, Estimate)]
    [InlineData(typeof(IFloatingPointIeee754<>), "", Estimate)]
    [InlineData(typeof(IRootFunctions<>), Transcendental, "")]
    [InlineData(typeof(Vector), Transcendental + "|Sum|Dot", Estimate)]
    [InlineData(typeof(Vector128), Transcendental + "|Sum|Dot", Estimate)]
    [InlineData(typeof(Vector256), Transcendental + "|Sum|Dot", Estimate)]
    [InlineData(typeof(Vector512), Transcendental + "|Sum|Dot", Estimate)]
    [InlineData(typeof(TensorPrimitives), Transcendental + "|" + Reduction, Estimate)]
    [InlineData(typeof(Tensor), Transcendental + "|" + Reduction, Estimate)]
    public void Every_overload_is_banned(Type type, string functions, string estimates)
    {
        var names = new Regex($"^({functions}|{estimates})$");
        var expected = type.GetMethods(BindingFlags.Public | BindingFlags.Static | BindingFlags.DeclaredOnly).Select(method => method.Name).Where(name => names.IsMatch(name));
        var banned = EmbeddedText.Lines("BannedSymbols.txt").Where(line => line.StartsWith($"M:{type.FullName}.", StringComparison.Ordinal))
            .Select(line => Method().Match(line[$"M:{type.FullName}.".Length..]).Value).Where(name => names.IsMatch(name));
        Assert.NotEmpty(expected);
        Assert.Equal(expected.Order(), banned.Order());
    }

    [Theory]
    [InlineData(typeof(IExponentialFunctions<>))]
    [InlineData(typeof(ILogarithmicFunctions<>))]
    [InlineData(typeof(IPowerFunctions<>))]
    [InlineData(typeof(ITrigonometricFunctions<>))]
    [InlineData(typeof(IHyperbolicFunctions<>))]
    [InlineData(typeof(Random))]
    public void The_type_is_banned(Type type) =>
        Assert.Contains(EmbeddedText.Lines("BannedSymbols.txt"), line => line.StartsWith($"T:{type.FullName};", StringComparison.Ordinal));

    [GeneratedRegex("^[A-Za-z0-9]+")]
    private static partial Regex Method();
}
