using System.Reflection;
using System.Runtime.InteropServices;
using System.Xml.Linq;
using HTensor.Autodiff;
using HTensor.Cli;
using HTensor.Core;
using HTensor.Kernels;
using HTensor.Onnx;
using HTensor.Rnn;

namespace HTensor.Tests.Architecture;

/// <summary>The rooms and their arrows: a room uses those to its left, Kernels, Core, Autodiff, Rnn, Onnx, Cli, and never the other way.</summary>
public sealed class ArrowsTests
{
    private static readonly Assembly[] Rooms =
        [typeof(Gemm).Assembly, typeof(TensorNetwork).Assembly, typeof(GradientCheck).Assembly, typeof(SequenceClassifier).Assembly, typeof(OnnxExport).Assembly, typeof(Tool).Assembly];

    private const int EngineRooms = 4;

    public static TheoryData<int> All => [.. Enumerable.Range(0, Rooms.Length)];

    public static TheoryData<int> Engine => [.. Enumerable.Range(0, EngineRooms)];

    [Theory]
    [MemberData(nameof(All))]
    public void A_room_uses_only_those_before_it(int room)
    {
        var allowed = Rooms[..room].Select(NameOf);
        Assert.Empty(References(room).Where(name => name.Contains("tensor", StringComparison.OrdinalIgnoreCase) && !name.StartsWith("System.", StringComparison.Ordinal)).Except(allowed));
        if (room > 0) Assert.Contains(NameOf(Rooms[room - 1]), References(room));
    }

    [Theory]
    [MemberData(nameof(Engine))]
    public void The_engine_stands_on_the_runtime_alone(int room)
    {
        var foreign = References(room).Where(name => !name.StartsWith("HTensor.", StringComparison.Ordinal) && !name.StartsWith("System.", StringComparison.Ordinal));
        Assert.Empty(foreign);
        Assert.Equal("System.Numerics.Tensors", Assert.Single(PackagesOf(NameOf(Rooms[room]))));
    }

    [Theory]
    [MemberData(nameof(Engine))]
    public void The_engine_calls_no_native_code(int room)
    {
        const BindingFlags Any = BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Static | BindingFlags.Instance | BindingFlags.DeclaredOnly;
        var native = Rooms[room].GetTypes()
            .SelectMany(type => type.GetMethods(Any))
            .Where(method => method.Attributes.HasFlag(MethodAttributes.PinvokeImpl)
                || method.IsDefined(typeof(DllImportAttribute), false) || method.IsDefined(typeof(LibraryImportAttribute), false))
            .Select(method => $"{method.DeclaringType}.{method.Name}");
        Assert.Empty(native);
    }

    [Fact]
    public void The_sample_needs_one_project_and_no_package()
    {
        var project = XDocument.Load(Path.Combine(Repository.Root(), "samples", "Embedding", "Embedding.csproj"));
        Assert.Equal("../../HTensor.Rnn/HTensor.Rnn.csproj", Assert.Single(project.Descendants("ProjectReference")).Attribute("Include")?.Value);
        Assert.Empty(project.Descendants("PackageReference"));
    }

    private static string NameOf(Assembly assembly) => assembly.GetName().Name!;

    private static string[] References(int room) => [.. Rooms[room].GetReferencedAssemblies().Select(reference => reference.Name!)];

    /// <summary>Packages that a program which uses the room gets too: those of its project that are no tools of the build.</summary>
    private static IEnumerable<string> PackagesOf(string project) =>
        XDocument.Load(Path.Combine(Repository.Root(), project, $"{project}.csproj")).Descendants("PackageReference")
            .Where(package => package.Attribute("PrivateAssets")?.Value != "all")
            .Select(package => package.Attribute("Include")!.Value);
}
