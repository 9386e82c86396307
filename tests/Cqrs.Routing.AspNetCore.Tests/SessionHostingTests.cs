using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.TestHost;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Cqrs.Routing.AspNetCore.Tests;

/// <summary>The registration of routing sessions and the attributes of their cookie.</summary>
public sealed class SessionHostingTests(Pair<SqlitePair> fixture) : IClassFixture<Pair<SqlitePair>>, IAsyncLifetime
{
    private readonly SqlitePair _pair = fixture.Databases;

    public async ValueTask InitializeAsync() => await _pair.ResetAsync();

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    [Fact]
    public async Task The_cookie_is_the_applications_own_and_lives_as_long_as_its_token()
    {
        await using var shop = await Shop.StartAsync(_pair, map: app => app.UsePathBase("/shop"));
        using var user = shop.Open();

        var response = await user.SendAsync(HttpMethod.Put, "shop/name/written");

        var cookie = response.Headers.GetValues("Set-Cookie").Single();
        cookie.ShouldStartWith(".Cqrs.Routing.");
        cookie.ShouldContain("path=/shop", Case.Insensitive);
        cookie.ShouldContain("max-age=60", Case.Insensitive);
        cookie.ShouldContain("httponly", Case.Insensitive);
        cookie.ShouldContain("samesite=lax", Case.Insensitive);
        cookie.ShouldNotContain("secure", Case.Insensitive);
    }

    [Fact]
    public async Task Two_writes_leave_one_cookie()
    {
        await using var shop = await Shop.StartAsync(_pair);
        using var user = shop.Open();

        await user.RenameAsync("first");
        await user.RenameAsync("second");

        user.SessionCookies.Count.ShouldBe(1);
    }

    [Fact]
    public async Task What_is_written_after_the_response_began_is_warned_about_once()
    {
        var log = new LogLines();
        await using var shop = await Shop.StartAsync(
            _pair,
            services: services => services.AddLogging(logging => logging.AddProvider(log)),
            map: app => app.MapPost("/late", async (HttpContext context, ShopContext db) =>
            {
                await context.Response.WriteAsync("begun");
                await context.Response.Body.FlushAsync();
                await db.Orders.ExecuteUpdateAsync(orders => orders.SetProperty(order => order.Name, "written"));
            }));
        using var user = shop.Open();

        await (await user.SendAsync(HttpMethod.Post, "late")).Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        await (await user.SendAsync(HttpMethod.Post, "late")).Content.ReadAsStringAsync(TestContext.Current.CancellationToken);

        log.Lines.Count(line => line.Contains("after its response had begun", StringComparison.Ordinal)).ShouldBe(1);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Sessions_that_are_registered_and_not_in_the_pipeline_are_found_once(bool inPipeline)
    {
        var log = new LogLines();
        var builder = WebApplication.CreateBuilder();
        builder.WebHost.UseTestServer();
        builder.Logging.ClearProviders().AddProvider(log);
        builder.Services.AddMediatR(mediatr => mediatr.RegisterServicesFromAssemblyContaining<RoutedApp>());
        builder.Services.AddDbContext<ShopContext>(options => _pair.Use(options, _pair.Primary).UseReplica(_pair.Replica, choices => choices.AllowDifferentDatabaseName = true));
        builder.Services.AddRoutingBehavior().AddRoutingSessions().AddRoutingSelfCheck();
        await using var app = builder.Build();
        if (inPipeline)
            app.UseRoutingSessions();

        await app.StartAsync(TestContext.Current.CancellationToken);

        log.Lines.Count(line => line.StartsWith("AddRoutingSessions() was called", StringComparison.Ordinal)).ShouldBe(inPipeline ? 0 : 1);
        var finding = app.Services.GetRequiredService<RoutingSelfCheck>().LastReport!.Findings.Single(finding => finding.Subject == "Sessions");
        finding.Severity.ShouldBe(inPipeline ? SelfCheckSeverity.Ok : SelfCheckSeverity.Warning);
    }

    [Fact]
    public void Without_the_services_the_middleware_says_which_call_is_missing()
    {
        var builder = WebApplication.CreateBuilder();
        using (var app = builder.Build())
            Should.Throw<InvalidOperationException>(() => app.UseRoutingSessions()).Message.ShouldContain("services.AddRoutingSessions()");

        builder = WebApplication.CreateBuilder();
        builder.Services.AddRoutingSessions();
        using (var app = builder.Build())
            Should.Throw<InvalidOperationException>(() => app.UseRoutingSessions()).Message.ShouldContain("services.AddRoutingBehavior()");
    }

    [Theory]
    [InlineData("neither cookies nor a header")]
    [InlineData("HeaderName is blank")]
    public async Task Options_that_cannot_work_stop_the_host_from_starting(string message)
    {
        var start = () => Shop.StartAsync(_pair, configure: options =>
        {
            if (message.StartsWith("neither", StringComparison.Ordinal))
                (options.UseCookies, options.HeaderName) = (false, null);
            else
                options.HeaderName = " ";
        });

        (await Should.ThrowAsync<OptionsValidationException>(start)).Message.ShouldContain(message);
    }

    private sealed class LogLines : ILoggerProvider, ILogger
    {
        public List<string> Lines { get; } = [];

        public ILogger CreateLogger(string categoryName) => this;

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            lock (Lines)
                Lines.Add(formatter(state, exception));
        }

        public void Dispose()
        {
        }
    }
}
