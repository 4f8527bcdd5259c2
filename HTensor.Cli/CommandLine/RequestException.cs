using System.Diagnostics.CodeAnalysis;

namespace HTensor.Cli;

/// <summary>The request was wrong; the message is the one line that the user reads.</summary>
[SuppressMessage("Design", "CA1032:Implement standard exception constructors", Justification = "It has no meaning without its line.")]
internal sealed class RequestException : Exception
{
    public RequestException(string message, Exception? cause = null)
        : base(message, cause)
    {
    }
}
