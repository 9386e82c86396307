using Microsoft.Playwright;

namespace Sample.Tests.Page;

/// <summary>An installed Chromium, without a window.</summary>
public sealed class ChromiumFixture : IAsyncLifetime
{
    private static readonly string Executable = Environment.GetEnvironmentVariable("CHROMIUM_PATH") ?? "/usr/bin/chromium";
    private static readonly string[] Quiet =
    [
        "--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync",
        "--disable-quic",
    ];

    private IPlaywright? _playwright;
    private IBrowser? _browser;

    /// <summary>Null when there is a browser; otherwise how to get one. Never set when <c>SAMPLE_REQUIRE_CHROMIUM=1</c>.</summary>
    public static string? SkipReason { get; } =
        File.Exists(Executable) || Environment.GetEnvironmentVariable("SAMPLE_REQUIRE_CHROMIUM") == "1"
            ? null
            : $"There is no Chromium at {Executable}. Debian: apt-get install chromium. Elsewhere, set CHROMIUM_PATH.";

    public IBrowser Browser => _browser ?? throw new InvalidOperationException("The browser is started only where there is one.");

    public async ValueTask InitializeAsync()
    {
        if (SkipReason is not null)
            return;
        _playwright = await Playwright.CreateAsync();
        _browser = await _playwright.Chromium.LaunchAsync(new() { ExecutablePath = Executable, Args = Quiet });
    }

    public async ValueTask DisposeAsync()
    {
        if (_browser is not null)
            await _browser.DisposeAsync();
        _playwright?.Dispose();
    }
}
