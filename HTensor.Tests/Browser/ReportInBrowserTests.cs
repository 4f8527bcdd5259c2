using HTensor.Cli;

namespace HTensor.Tests.Browser;

/// <summary>report.html of a real run, and a comparison, in a headless Chromium: every section is there, nothing is said on the console, nothing is asked of a network, and nothing is wider than the page.</summary>
public sealed class ReportInBrowserTests
{
    /// <summary>A folder to keep screenshots in, for whoever wants to look.</summary>
    private const string Screenshots = "HTENSOR_TEST_SCREENSHOTS";

    [Fact]
    public async Task A_report_has_every_section_and_needs_no_network()
    {
        var program = Chromium.Find();
        Assert.SkipUnless(program is not null, "no Chromium is installed: apt-get install chromium");
        using var folder = new TemporaryFolder();
        Train(folder, "ht");
        Train(folder, "tr");
        Assert.Equal(0, ToolRun.OfEngine("compare", folder.In("ht"), folder.In("tr"), "--out", folder.In("compare.html")).ExitCode);
        using var browser = await Chromium.Start(program!);
        foreach (var (width, scheme) in ((int, string)[])[(390, "light"), (1200, "dark"), (1200, "light"), (390, "dark")])
        {
            var session = await browser.Open(folder.In("ht/report.html"), width, 900, scheme);
            Assert.Equal("Learning curves|Parameters|Input matrix|Singular values|Confusion matrix|Predictions on samples|Settings", await browser.Evaluate(session, "[...document.querySelectorAll('h2')].map(h => h.textContent).join('|')"));
            Assert.Equal("ht-lstm on digits.npz", await browser.Evaluate(session, "document.title"));
            Assert.Equal("2", await browser.Evaluate(session, "document.querySelectorAll('.charts svg').length"));
            Assert.Equal("5", await browser.Evaluate(session, "document.querySelectorAll('.network rect.core').length"));
            Assert.Equal("4", await browser.Evaluate(session, "document.querySelectorAll('.spectra figure').length"));
            Assert.Equal("true", await browser.Evaluate(session, "document.querySelectorAll('.clip img').length > 3 && [...document.images].every(image => image.naturalWidth === 9)"));
            await Look(browser, session, width, scheme, "report");
            session = await browser.Open(folder.In("compare.html"), width, 900, scheme);
            Assert.Equal("Learning curves|Settings that differ", await browser.Evaluate(session, "[...document.querySelectorAll('h2')].map(h => h.textContent).join('|')"));
            await Look(browser, session, width, scheme, "compare");
        }

        Assert.Empty(browser.Faults);
    }

    [Fact]
    public async Task The_browser_hears_a_page_that_errs_or_asks()
    {
        var program = Chromium.Find();
        Assert.SkipUnless(program is not null, "no Chromium is installed: apt-get install chromium");
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder.In("wrong.html"), "<img src='http://127.0.0.1:9/none.png'><script>console.error('heard'); missing();</script>");
        using var browser = await Chromium.Start(program!);
        await browser.Open(folder.In("wrong.html"), 390, 800, "light");
        Assert.Contains(browser.Faults, fault => fault.Contains("heard", StringComparison.Ordinal));
        Assert.Contains(browser.Faults, fault => fault.Contains("missing is not defined", StringComparison.Ordinal));
        Assert.Contains("asked for http://127.0.0.1:9/none.png", browser.Faults);
    }

    private static async Task Look(Chromium browser, string session, int width, string scheme, string name)
    {
        Assert.Equal("true", await browser.Evaluate(session, "document.documentElement.scrollWidth <= document.documentElement.clientWidth"));
        var ground = await browser.Evaluate(session, "getComputedStyle(document.body).backgroundColor");
        Assert.Equal(scheme == "dark" ? "rgb(13, 17, 23)" : "rgb(255, 255, 255)", ground);
        if (Environment.GetEnvironmentVariable(Screenshots) is { } folder) File.WriteAllBytes(Path.Combine(folder, $"{name}-{width}-{scheme}.png"), await browser.Screenshot(session));
    }

    private static void Train(TemporaryFolder folder, string format)
    {
        var data = folder.In("digits.npz");
        if (!File.Exists(data)) TinyVideo.Write(data);
        var run = ToolRun.OfEngine("train", data, "--format", format, "--rank", "2", "--inner-rank", "3", "--hidden", "12", "--input-modes", "4,6,9", "--hidden-modes", "2,2,3", "--epochs", "3", "--threads", "1", "--out", folder.In(format));
        Assert.True(run.ExitCode == 0, run.Error);
    }
}
