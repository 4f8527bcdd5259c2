using HTensor.Cli;

namespace HTensor.Tests;

public sealed class ReportTests
{
    [Fact]
    public void Needs_nothing_from_outside_and_escapes_names()
    {
        var html = HtmlReport.Write(SampleRun.Report());
        Assert.DoesNotContain("http:", html);
        Assert.DoesNotContain("https:", html);
        Assert.DoesNotContain("<link", html);
        Assert.DoesNotContain("<script", html);
        Assert.DoesNotContain("src=", html);
        Assert.Contains("HT-LSTM on &lt;generated video&gt;", html);
        Assert.Contains("west &amp; &lt;still&gt;", html);
        Assert.DoesNotContain("<still>", html);
    }
}
