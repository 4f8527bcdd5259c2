using HTensor.Rnn;

namespace HTensor.Cli;

/// <summary>The tasks by the names that the tool has for them.</summary>
internal static class TaskChoice
{
    public static readonly string[] Names = ["class", "next-notes", "next-symbol", "regression"];

    public static SequenceTask Of(string? name) => name is null ? SequenceTask.Class : (SequenceTask)Array.IndexOf(Names, name);

    /// <summary>Of any task; that of states is none that can be trained.</summary>
    public static string Name(SequenceTask task) => task == SequenceTask.States ? "states" : Names[(int)task];
}
