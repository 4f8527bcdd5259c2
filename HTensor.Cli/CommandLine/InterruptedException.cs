using System.Diagnostics.CodeAnalysis;

namespace HTensor.Cli;

/// <summary>The user stopped the work; the message says where it stands and how it goes on.</summary>
[SuppressMessage("Design", "CA1032:Implement standard exception constructors", Justification = "It has no meaning without its line.")]
internal sealed class InterruptedException(string message, Exception cause) : OperationCanceledException(message, cause);
