using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Sample.Tests.Page;

/// <summary>The page shows the steps of every decision and switches shadow mode at run time.</summary>
public sealed class SampleShadowPageTests(ChromiumFixture chromium) : IClassFixture<ChromiumFixture>, IAsyncLifetime
{
    private readonly SampleFactory _factory = new();
    private IBrowserContext? _context;

    private IPage Page => _context!.Pages[0];

    private ILocator Log => Page.Locator("#log");

    private ILocator Report => Page.Locator("#report");

    public async ValueTask InitializeAsync()
    {
        Assert.SkipWhen(ChromiumFixture.SkipReason is not null, ChromiumFixture.SkipReason ?? "");
        _factory.StartOnFreePort();
        await _factory.Replication.PauseAsync(TestContext.Current.CancellationToken);
        _context = await chromium.Browser.NewContextAsync(new() { ViewportSize = new() { Width = 1360, Height = 900 } });
        await (await _context.NewPageAsync()).GotoAsync(_factory.ClientOptions.BaseAddress.ToString());
    }

    [Fact]
    public async Task Each_decision_shows_its_chain()
    {
        await Page.Locator("tr[data-order='2']").GetByRole(AriaRole.Button, new() { Name = "Pay", Exact = true }).ClickAsync();

        var payment = Log.Locator("li", new() { HasText = "POST /api/orders/2/pay" });
        await Expect(payment.Locator(".chain").Nth(1)).ToHaveTextAsync("GetCustomerTotal asks for the replica → inside command PayOrder → on the transaction that SampleDbContext has open");
    }

    [Fact]
    public async Task In_shadow_mode_the_mistakes_go_through_and_the_report_names_them()
    {
        await Expect(Page.Locator("#shadow-report")).ToBeHiddenAsync();
        await Page.GetByLabel("shadow mode").CheckAsync();

        await Expect(Page.Locator("#list-route")).ToHaveTextAsync("from the primary");
        await Expect(Log).ToContainTextAsync("shadow mode: as if nothing was routed");
        var onReplica = await Page.Locator("#replica-commands").TextContentAsync();
        await ButtonAsync("Send a query that writes");
        await ButtonAsync("Send a query that sends a command");
        await Expect(Report).ToContainTextAsync("MarkOrderSeen (1 of 1 run) is a query and would have been refused as a write");
        await Expect(Report).ToContainTextAsync("GetReceipt (1 of 1 run) is a query and would have been refused for sending PayOrder");

        await Page.Locator("[name=name]").FillAsync("Barbara Liskov");
        await Page.Locator("[name=email]").FillAsync("barbara@example.com");
        await ButtonAsync("Place order");
        await Expect(Page.Locator("#orders tr").First).ToContainTextAsync("Barbara Liskov");
        await Expect(Report).ToContainTextAsync("ListOrders would have been stale");
        await Expect(Page.Locator("#replica-commands")).ToHaveTextAsync(onReplica!);
        if (Environment.GetEnvironmentVariable("SAMPLE_SCREENSHOTS") is { } folder)
            await Page.ScreenshotAsync(new() { Path = Path.Combine(folder, "shadow.png") });
    }

    [Fact]
    public async Task After_shadow_mode_is_switched_off_queries_are_routed_and_guarded()
    {
        await Page.GetByLabel("shadow mode").CheckAsync();
        await Expect(Page.Locator("#list-route")).ToHaveTextAsync("from the primary");
        await Page.GetByLabel("shadow mode").UncheckAsync();

        await Expect(Page.Locator("#list-route")).ToHaveTextAsync("from the replica");
        await ButtonAsync("Send a query that writes");
        await Expect(Page.Locator("#messages")).ToContainTextAsync("MarkOrderSeen is a query and cannot write");
        await ButtonAsync("Send a query that sends a command");
        await Expect(Page.Locator("#messages")).ToContainTextAsync("GetReceipt is a query and sent the command PayOrder.");
    }

    public async ValueTask DisposeAsync()
    {
        if (_context is not null)
            await _context.DisposeAsync();
        await _factory.DisposeAsync();
    }

    private Task ButtonAsync(string name) => Page.GetByRole(AriaRole.Button, new() { Name = name, Exact = true }).ClickAsync();
}
