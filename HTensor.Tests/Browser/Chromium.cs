using System.Diagnostics;
using System.Net.WebSockets;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace HTensor.Tests.Browser;

/// <summary>A headless Chromium, spoken to over its DevTools protocol: no driver beside it is needed.</summary>
internal sealed class Chromium : IDisposable
{
    private static readonly string[] Names = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"];
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly Process _process;
    private readonly TempFolder _profile;
    private readonly ClientWebSocket _socket = new();
    private readonly CancellationTokenSource _deadline = new(Patience);
    private int _id;

    private Chromium(Process process, TempFolder profile) => (_process, _profile) = (process, profile);

    /// <summary>What the page said on its console, and every address that it asked for but its own.</summary>
    public List<string> Faults { get; } = [];

    /// <summary>Null where none is installed.</summary>
    public static string? Find() => (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator)
        .SelectMany(folder => Names.Select(name => Path.Combine(folder, name))).FirstOrDefault(File.Exists);

    public static async Task<Chromium> Start(string program)
    {
        var profile = new TempFolder();
        var process = Process.Start(new ProcessStartInfo(program,
            ["--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--no-first-run", "--disable-background-networking", "--remote-debugging-port=0", $"--user-data-dir={profile.File("profile")}", "about:blank"])
        { RedirectStandardError = true, RedirectStandardOutput = true })!;
        var browser = new Chromium(process, profile);
        _ = process.StandardOutput.ReadToEndAsync();
        string? line;
        while ((line = await process.StandardError.ReadLineAsync(browser._deadline.Token)) is not null && !line.StartsWith("DevTools listening on ", StringComparison.Ordinal)) { }
        _ = process.StandardError.ReadToEndAsync();
        await browser._socket.ConnectAsync(new Uri(line!["DevTools listening on ".Length..].Trim()), browser._deadline.Token);
        return browser;
    }

    /// <summary>Opens a file in a page of a size and gives the page's session.</summary>
    public async Task<string> Open(string file, int width, int height, string scheme)
    {
        var target = (await Call("Target.createTarget", new JsonObject { ["url"] = "about:blank" }))["targetId"]!.GetValue<string>();
        var session = (await Call("Target.attachToTarget", new JsonObject { ["targetId"] = target, ["flatten"] = true }))["sessionId"]!.GetValue<string>();
        foreach (var domain in (string[])["Page", "Network", "Log", "Runtime"]) await Call($"{domain}.enable", [], session);
        await Call("Emulation.setDeviceMetricsOverride", new JsonObject { ["width"] = width, ["height"] = height, ["deviceScaleFactor"] = 1, ["mobile"] = width < 600 }, session);
        await Call("Emulation.setEmulatedMedia", new JsonObject { ["features"] = new JsonArray(new JsonObject { ["name"] = "prefers-color-scheme", ["value"] = scheme }) }, session);
        _loaded = false;
        await Call("Page.navigate", new JsonObject { ["url"] = new Uri(file).AbsoluteUri }, session);
        while (!_loaded) await Receive();
        return session;
    }

    public async Task<string> Evaluate(string session, string expression) =>
        (await Call("Runtime.evaluate", new JsonObject { ["expression"] = expression, ["returnByValue"] = true }, session))["result"]!["value"]!.ToString();

    public async Task<byte[]> Screenshot(string session) =>
        Convert.FromBase64String((await Call("Page.captureScreenshot", new JsonObject { ["captureBeyondViewport"] = true }, session))["data"]!.GetValue<string>());

    public void Dispose()
    {
        _socket.Dispose();
        if (!_process.HasExited) _process.Kill(entireProcessTree: true);
        _process.WaitForExit();
        _process.Dispose();
        _deadline.Dispose();
        _profile.Dispose();
    }

    private bool _loaded;

    private async Task<JsonObject> Call(string method, JsonObject parameters, string? session = null)
    {
        var id = ++_id;
        var message = new JsonObject { ["id"] = id, ["method"] = method, ["params"] = parameters };
        if (session is not null) message["sessionId"] = session;
        await _socket.SendAsync(Encoding.UTF8.GetBytes(message.ToJsonString()), WebSocketMessageType.Text, true, _deadline.Token);
        while (true)
        {
            var answer = await Receive();
            if (answer["id"]?.GetValue<int>() != id) continue;
            return answer["error"] is { } error ? throw new InvalidOperationException($"{method}: {error}") : answer["result"]!.AsObject();
        }
    }

    private async Task<JsonObject> Receive()
    {
        using var message = new MemoryStream();
        var buffer = new byte[1 << 16];
        ValueWebSocketReceiveResult part;
        do
        {
            part = await _socket.ReceiveAsync(buffer.AsMemory(), _deadline.Token);
            message.Write(buffer, 0, part.Count);
        }
        while (!part.EndOfMessage);
        var json = JsonSerializer.Deserialize<JsonObject>(message.ToArray())!;
        Note(json);
        return json;
    }

    private void Note(JsonObject json)
    {
        switch (json["method"]?.GetValue<string>())
        {
            case "Page.loadEventFired":
                _loaded = true;
                break;
            case "Runtime.consoleAPICalled" or "Runtime.exceptionThrown" or "Log.entryAdded":
                Faults.Add(json.ToJsonString());
                break;
            case "Network.requestWillBeSent":
                var url = json["params"]!["request"]!["url"]!.GetValue<string>();
                if (!url.StartsWith("file:", StringComparison.Ordinal) && !url.StartsWith("data:", StringComparison.Ordinal)) Faults.Add($"asked for {url}");
                break;
        }
    }
}
