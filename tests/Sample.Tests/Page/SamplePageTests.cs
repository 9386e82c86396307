using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Sample.Tests.Page;

/// <summary>The page in a real browser, against a real server on a free port.</summary>
public sealed class SamplePageTests(ChromiumFixture chromium) : IClassFixture<ChromiumFixture>, IAsyncLifetime
{
    private readonly SampleFactory _factory = new();
    private readonly List<string> _errors = [];
    private IBrowserContext? _context;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private IPage Page => _context!.Pages[0];

    private ILocator NewestOrder => Page.Locator("#orders tr").First;

    private ILocator Log => Page.Locator("#log");

    public async ValueTask InitializeAsync()
    {
        Assert.SkipWhen(ChromiumFixture.SkipReason is not null, ChromiumFixture.SkipReason ?? "");
        // How soon a script of three megabytes has drawn its page says something of the machine, and nothing of the sample. A page that never shows it fails all the same.
        SetDefaultExpectTimeout(60_000);
        _factory.StartOnFreePort();
        await _factory.Replication.PauseAsync(Token);
        _context = await chromium.Browser.NewContextAsync(new() { ViewportSize = new() { Width = 1360, Height = 900 } });
        var page = await _context.NewPageAsync();
        page.PageError += (_, error) => _errors.Add(error);
        page.Request += (_, request) =>
        {
            if (!request.Url.StartsWith(_factory.ClientOptions.BaseAddress.ToString(), StringComparison.Ordinal))
                _errors.Add($"The page asked a foreign server: {request.Url}");
        };
        await page.GotoAsync(_factory.ClientOptions.BaseAddress.ToString());
        await page.GetByLabel("remember me").UncheckAsync();
    }

    [Fact]
    public async Task Who_is_remembered_sees_the_own_order_at_once_and_another_visitor_does_not()
    {
        await Page.GetByLabel("remember me").CheckAsync();
        await using var otherContext = await chromium.Browser.NewContextAsync();
        var other = await otherContext.NewPageAsync();
        await other.GotoAsync(_factory.ClientOptions.BaseAddress.ToString());

        await PlaceAsync("Barbara Liskov");

        await Expect(Page.Locator("#list-route")).ToHaveTextAsync("from the Primary", new() { IgnoreCase = true });
        await Expect(NewestOrder).ToContainTextAsync("Barbara Liskov");
        await Expect(NewestOrder.Locator(".status")).ToHaveTextAsync("Placed");
        await Expect(Log).ToContainTextAsync("the replica does not have what this session wrote yet");
        await Expect(Log).ToContainTextAsync("Job: confirm order");
        await Expect(Page.Locator("#session")).ToContainTextAsync("your session wrote up to");
        await Expect(other.Locator("#orders tr").First).ToContainTextAsync("Ada Lovelace");
        await Expect(other.Locator("#list-route")).ToHaveTextAsync("from the Replica", new() { IgnoreCase = true });

        await CatchUpAsync();
        await Expect(Page.Locator("#list-route")).ToHaveTextAsync("from the Replica", new() { IgnoreCase = true });
        await Expect(Page.Locator("#session")).ToHaveTextAsync("your session waits for nothing");
        await Expect(NewestOrder).ToContainTextAsync("Barbara Liskov");
        await Expect(other.Locator("#orders tr").First).ToContainTextAsync("Barbara Liskov");
    }

    [Fact]
    public async Task An_order_shows_as_pending_until_the_replica_has_it()
    {
        await PlaceAsync("Barbara Liskov");

        await Expect(NewestOrder).ToContainTextAsync("not on the replica yet");
        await Expect(Page.Locator("#list-route")).ToHaveTextAsync("from the replica");
        await Expect(Page.Locator("#lag")).ToContainTextAsync("behind");

        await CatchUpAsync();
        await Expect(NewestOrder).ToContainTextAsync("Barbara Liskov");
        await Expect(NewestOrder.Locator(".status")).ToHaveTextAsync("Placed");
        await Expect(Page.Locator("#lag")).ToContainTextAsync("the replica shows everything");
    }

    [Fact]
    public async Task A_payment_shows_on_the_primary_first_and_a_second_one_is_refused()
    {
        var order = Page.Locator("tr[data-order='2']");
        await Button(order, "Pay").ClickAsync();
        await Expect(order).ToContainTextAsync("paid on the primary");
        await Expect(order.Locator(".status")).ToHaveTextAsync("Placed");

        await Button(order, "Pay").ClickAsync();
        await Expect(Page.Locator("#messages")).ToContainTextAsync("Order 2 is Paid already.");

        await CatchUpAsync();
        await Expect(order.Locator(".status")).ToHaveTextAsync("Paid");
        await Expect(Button(order, "Pay")).ToHaveCountAsync(0);
    }

    [Fact]
    public async Task The_health_of_the_replica_is_told_in_words()
    {
        await CatchUpAsync();

        await Expect(Page.Locator("#health")).ToContainTextAsync("Healthy: The replica serves: ");
    }

    [Fact]
    public async Task The_log_says_which_server_answered_and_why()
    {
        await Button(Page.Locator("tr[data-order='2']"), "Pay").ClickAsync();

        var payment = Log.Locator("li", new() { HasText = "POST /api/orders/2/pay" });
        await Expect(payment.Locator(".step").Nth(0)).ToHaveTextAsync("primaryPayOrdera command");
        await Expect(payment.Locator(".step").Nth(1)).ToHaveTextAsync("primaryGetCustomerTotalinside a command");
        await Expect(payment.Locator(".sent")).ToContainTextAsync("0 on the replica");
        await Expect(Log.Locator("li", new() { HasText = "GET /api/orders" }).First.Locator(".step").First)
            .ToHaveTextAsync("replicaListOrdersa query outside any transaction");
    }

    [Fact]
    public async Task A_query_that_writes_is_refused_in_words()
    {
        await Button(Page.Locator("body"), "Send a query that writes").ClickAsync();

        await Expect(Page.Locator("#messages")).ToContainTextAsync("MarkOrderSeen is a query and cannot write");
    }

    [Fact]
    public async Task The_list_can_be_read_from_the_primary()
    {
        await PlaceAsync("Barbara Liskov");
        await Page.GetByLabel("read the primary").CheckAsync();

        await Expect(Page.Locator("#list-route")).ToHaveTextAsync("from the primary");
        await Expect(NewestOrder.Locator(".status")).ToHaveTextAsync("Placed");
    }

    [Fact]
    public async Task The_delay_slider_changes_the_replication()
    {
        await Expect(Page.Locator("#delay-value")).ToHaveTextAsync("2.0 s");
        await Page.Locator("#delay").FillAsync("8.5");

        await Expect(Page.Locator("#delay-value")).ToHaveTextAsync("8.5 s");
        await Expect(Page.Locator("#delay")).ToHaveValueAsync("8.5");
        await Page.ReloadAsync();
        await Expect(Page.Locator("#delay-value")).ToHaveTextAsync("8.5 s");
        _factory.Replication.Delay.ShouldBe(TimeSpan.FromSeconds(8.5));
    }

    [Fact]
    public async Task A_name_that_is_markup_is_shown_as_text()
    {
        await PlaceAsync("<img src=x onerror=alert(1)>");

        await Expect(NewestOrder).ToContainTextAsync("<img src=x onerror=alert(1)>");
        await Expect(Page.Locator("#orders img")).ToHaveCountAsync(0);
    }

    [Fact]
    public async Task An_order_opens_with_its_lines()
    {
        await Button(Page.Locator("tr[data-order='1']"), "#1").ClickAsync();

        await Expect(Page.Locator("#details")).ToContainTextAsync("Punched cards, 500");
    }

    [Fact]
    public async Task The_API_reference_needs_no_other_server()
    {
        await Page.GotoAsync(_factory.ClientOptions.BaseAddress + "scalar");

        await Expect(Page.GetByRole(AriaRole.Heading, new() { Name = "Cqrs.Routing sample" })).ToBeVisibleAsync();
    }

    public async ValueTask DisposeAsync()
    {
        if (_context is not null)
            await _context.DisposeAsync();
        await _factory.DisposeAsync();
        _errors.ShouldBeEmpty();
    }

    private static ILocator Button(ILocator within, string name) => within.GetByRole(AriaRole.Button, new() { Name = name, Exact = true });

    private async Task PlaceAsync(string name)
    {
        await Page.Locator("[name=name]").FillAsync(name);
        await Page.Locator("[name=email]").FillAsync("someone@example.com");
        await Button(Page.Locator("body"), "Place order").ClickAsync();
    }

    private Task CatchUpAsync() => Button(Page.Locator("body"), "Catch up now").ClickAsync();
}
