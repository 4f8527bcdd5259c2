using System.CommandLine;
using HTensor.Rnn;

namespace HTensor.Cli;

/// <summary>Options of verbs that read models of other programs.</summary>
internal sealed class ImportArguments
{
    private readonly Option<string?> _node =
        Parse.Text("--node", "NAME[,NAME]", "of another program's file, the recurrent layers to take, from the first to the last");

    private readonly Option<string?> _kernels =
        Parse.Choice("--kernels", "how Keras' kernels are stored: keras (default), or cudnn, as CuDNNLSTM and CuDNNGRU saved them", "keras", "cudnn");

    public void AddTo(Command command)
    {
        command.Add(_node);
        command.Add(_kernels);
    }

    public ImportOptions Read(ParseResult result) => new()
    {
        Nodes = result.GetValue(_node)?.Split(','),
        Kernels = result.GetValue(_kernels) == "cudnn" ? KernelStorage.CuDnn : KernelStorage.Keras,
    };
}
