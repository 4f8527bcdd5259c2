using System.Net;

namespace HTensor.Cli;

/// <summary>Text inside HTML.</summary>
internal static class HtmlText
{
    public static string Escape(string text) => WebUtility.HtmlEncode(text);
}
