using System.Diagnostics;
using System.Globalization;
using HTensor.Rnn;

namespace HTensor.Bench;

/// <summary>
/// <c>compression PART --data FOLDER --out FILE</c>: trained dense models into every format at 2, 4, 8 and 16 times (silero, textgenrnn), or one trained here, compressed
/// 20 times and trained on (fsdd; how, by fsdd-choice); the part's section of a document is written anew.
/// </summary>
internal static class CompressionCommand
{
    private static readonly double[] Ratios = [2, 4, 8, 16];

    public static int Run(string[] arguments)
    {
        if (arguments is not [var part and ("silero" or "textgenrnn" or "fsdd" or "fsdd-choice"), "--data", var data, "--out", var path, .. var rest])
        {
            Console.Error.WriteLine("compression: expected silero, textgenrnn, fsdd or fsdd-choice, then --data FOLDER --out FILE, and --ratios X,X of the first two or --seeds N,N of the others");
            return 2;
        }

        var command = $"dotnet run -c Release --project HTensor.Bench -- compression {part} --data DATA --out {path}";
        string[] lines = part switch
        {
            "silero" => Formats("silero_vad_16k.safetensors, the LSTM cell 128 -> 128", RecurrentImport.Safetensors(Path.Combine(data, "silero_vad_16k.safetensors")), CompressionData.Features(128), rest),
            "textgenrnn" => Formats("ckpt_textgenrnn.npz, LSTM 100 -> 128 -> 128", RecurrentImport.Npz(Path.Combine(data, "ckpt_textgenrnn.npz")), CompressionData.Characters(data), rest),
            "fsdd" => FineTuning.Lines(Path.Combine(data, "fsdd_logmel64.npz"), Seeds(rest, [1, 2, 3, 4, 5])),
            _ => FineTuning.Choice(Path.Combine(data, "fsdd_logmel64.npz"), Seeds(rest, [11, 12, 13, 14, 15])),
        };
        ResultSection.Write(path, part, [$"`{command}`", "", .. lines]);
        return 0;
    }

    private static ulong[] Seeds(string[] rest, ulong[] otherwise) =>
        rest is ["--seeds", var seeds] ? [.. seeds.Split(',').Select(seed => ulong.Parse(seed, CultureInfo.InvariantCulture))] : otherwise;

    private static string[] Formats(string name, SequenceClassifier model, CompressionData data, string[] rest)
    {
        List<string> lines =
        [
            $"{name}: W and U of every layer, each into the same format with modes chosen (`auto`). Error of the weights ||W - W'|| / ||W|| over all matrices; error of the outputs", $"||h - h'|| / ||h|| over the states of the last layer, {data.Text}; \"weighted\": compressed with `--calibrate` on other sequences of that kind.", "",
            "| ratio | format | parameters | error of weights | error of outputs | weighted: of outputs | seconds |", "|---|---|---|---|---|---|---|",
        ];
        foreach (var ratio in rest is ["--ratios", var ratios] ? [.. ratios.Split(',').Select(ratio => double.Parse(ratio, CultureInfo.InvariantCulture))] : Ratios)
        {
            foreach (var format in Enum.GetValues<CompressedFormat>())
            {
                var line = Row(model, data, format, ratio);
                Console.WriteLine(line);
                lines.Add(line);
            }
        }

        return [.. lines];
    }

    private static string Row(SequenceClassifier model, CompressionData data, CompressedFormat format, double ratio)
    {
        var start = Stopwatch.GetTimestamp();
        var options = new CompressionOptions { Format = format, RecurrentFormat = format, Goal = CompressionGoal.Ratio(ratio) };
        var (plain, report) = Compressor.Compress(model, options);
        var seconds = Stopwatch.GetElapsedTime(start).TotalSeconds;
        var (weighted, _) = Compressor.Compress(model, options with { Calibration = data.Calibration });
        var test = new Calibration(model, data.Test);
        return string.Create(CultureInfo.InvariantCulture,
            $"| {ratio} | {report.Matrices[0].Matrix.Format.Name} | {report.Parameters:N0} | {report.RelativeErrorOfWeights:F4} | {test.RelativeError(plain):F4} | {test.RelativeError(weighted):F4} | {seconds:F1} |");
    }
}
