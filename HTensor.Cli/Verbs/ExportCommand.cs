using System.CommandLine;
using HTensor.Onnx;
using HTensor.Rnn;

namespace HTensor.Cli;

/// <summary><c>htensor export MODEL --onnx M.onnx</c>.</summary>
internal static class ExportCommand
{
    public static Command Create(CommandIo io, IVerbs verbs)
    {
        var model = FileArguments.Model(ModelReader.Kinds);
        var onnx = Parse.Text("--onnx", "M.onnx", "write ONNX: factors stay factors, batch and steps are free");
        var safetensors = Parse.Text("--safetensors", "F", "write the weights, matrices dense, with PyTorch's names");
        var npz = Parse.Text("--npz", "F", "write the weights, matrices dense, with Keras' names");
        var streaming = Parse.Flag("--streaming", "of ONNX: one step, with the states before and after as inputs and outputs, and no loop");
        var pieces = Parse.Flag("--pieces", "of ONNX: any number of steps, with the states before and after as inputs and outputs");
        var input = Parse.Choice("--input", "of ONNX: the frames' element type, default float", "float", "uint8");
        var import = new ImportArguments();
        var command = new Verb("export", "Writes a model for other programs: ONNX, safetensors with PyTorch's names, npz with Keras'.",
            "runs/digits --onnx digits.onnx",
            "runs/digits --onnx digits-step.onnx --streaming --input uint8",
            "pytorch.safetensors --npz keras.npz")
        {
            model, onnx, safetensors, npz, streaming, pieces, input,
        };
        import.AddTo(command);
        command.SetAction(result => verbs.Export(
            new ExportRequest(result.GetRequiredValue(model))
            {
                Onnx = result.GetValue(onnx),
                Safetensors = result.GetValue(safetensors),
                Npz = result.GetValue(npz),
                Options = new OnnxExportOptions
                {
                    Form = result.GetValue(streaming) ? OnnxForm.Step : result.GetValue(pieces) ? OnnxForm.Pieces : OnnxForm.Sequence,
                    Input = result.GetValue(input) == "uint8" ? FrameElement.UInt8 : FrameElement.Single,
                },
                Import = import.Read(result),
            },
            io));
        return command;
    }
}
