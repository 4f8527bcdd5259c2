using System.Diagnostics;
using System.Globalization;
using HTensor.Kernels;
using HTensor.Rnn;

namespace HTensor.Tests.Rnn;

/// <summary>The same weights after twenty-one steps with wider registers switched off: the runtime reads its switches at the start, so each is a process.</summary>
public sealed class InstructionSetTests
{
    private const string ResultFile = "HTENSOR_TEST_WEIGHTS_FILE";

    [Fact]
    public void Trains_a_model_and_says_its_hash()
    {
        var found = Trained();
        Assert.StartsWith(SimdWidth.Bits.ToString(CultureInfo.InvariantCulture), found);
        // Set by the test below, in a process of its own.
        if (Environment.GetEnvironmentVariable(ResultFile) is { } path) File.WriteAllText(path, found);
    }

    [Theory]
    [InlineData("DOTNET_EnableAVX512", 256)]
    [InlineData("DOTNET_EnableAVX2", 128)]
    public void Weights_have_the_same_bits_with_narrower_registers(string off, int width)
    {
        Assert.SkipUnless(SimdWidth.Bits > width, $"this machine has registers of {SimdWidth.Bits} bits");
        using var folder = new TempFolder();
        var start = new ProcessStartInfo(Environment.ProcessPath!) { RedirectStandardOutput = true, Environment = { [off] = "0", [ResultFile] = folder.File("weights") } };
        if (Path.GetFileNameWithoutExtension(Environment.ProcessPath) == "dotnet") start.ArgumentList.Add(typeof(InstructionSetTests).Assembly.Location);
        start.ArgumentList.Add("-method");
        start.ArgumentList.Add($"{typeof(InstructionSetTests).FullName}.{nameof(Trains_a_model_and_says_its_hash)}");
        using var process = Process.Start(start)!;
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        Assert.True(File.Exists(folder.File("weights")), output);
        Assert.Equal(Trained().Replace(SimdWidth.Bits.ToString(CultureInfo.InvariantCulture), width.ToString(CultureInfo.InvariantCulture), StringComparison.Ordinal), File.ReadAllText(folder.File("weights")));
    }

    private static string Trained()
    {
        var model = SmallTask.Model(readout: Readout.Mean);
        Trainer.Fit(model, SmallTask.Set(41), SmallTask.Set(10, seed: 2), SmallTask.Options with { BatchSize = 19, Epochs = 7, MaxThreads = 2 });
        return $"{SimdWidth.Bits} bits: {model.Parameters.Sha256()}";
    }
}
