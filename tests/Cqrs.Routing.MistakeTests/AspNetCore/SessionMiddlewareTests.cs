using Cqrs.Routing.AspNetCore;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.TestHost;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Cqrs.Routing.MistakeTests.AspNetCore;

public sealed class SessionMiddlewareTests
{
    [Fact]
    public async Task UseRoutingSessions_without_AddRoutingSessions_says_what_to_call()
    {
        await using var web = Create(services => services.AddCqrsRoutingCore());

        Should.Throw<InvalidOperationException>(web.UseRoutingSessions).ShouldSay("UseRoutingSessions()", "services.AddRoutingSessions()");
    }

    [Fact]
    public async Task UseRoutingSessions_without_AddRoutingBehavior_says_what_to_call()
    {
        await using var web = Create(services => services.AddRoutingSessions());

        Should.Throw<InvalidOperationException>(web.UseRoutingSessions).ShouldSay("services.AddRoutingBehavior()", "services.AddCqrsRoutingCore()");
    }

    [Fact]
    public async Task AddRoutingSessions_without_UseRoutingSessions_logs_what_to_call()
    {
        var log = new LogLines();
        await using var web = Create(services => services.AddCqrsRoutingCore().AddRoutingSessions(), log);

        await web.StartAsync();

        log.ShouldBeOnlyWarning(94, "AddRoutingSessions() was called", "Call app.UseRoutingSessions()");
    }

    [Fact]
    public async Task AddRoutingSessions_without_UseRoutingSessions_is_a_warning_of_the_self_check()
    {
        await using var web = Create(services => services.AddCqrsRoutingCore().AddRoutingSessions().AddRoutingSelfCheck());

        (await web.Services.GetRequiredService<RoutingSelfCheck>().RunAsync()).Findings.Single(finding => finding.Subject == "Sessions").Message.ShouldSay("Call app.UseRoutingSessions()");
    }

    [Fact]
    public async Task Neither_cookies_nor_a_header_keeps_the_host_from_starting() => await ShouldNotStartAsync(
        sessions => (sessions.UseCookies, sessions.HeaderName) = (false, null), "AddRoutingSessions has neither cookies nor a header", "Leave UseCookies on, or set HeaderName");

    [Fact]
    public async Task A_blank_header_name_keeps_the_host_from_starting() => await ShouldNotStartAsync(sessions => sessions.HeaderName = "", "HeaderName is blank", "null for no header");

    [Fact]
    public async Task A_header_name_with_a_space_keeps_the_host_from_starting() => await ShouldNotStartAsync(sessions => sessions.HeaderName = "Routing Session", "HeaderName", "'Routing Session'");

    [Fact]
    public async Task A_write_after_the_response_has_begun_is_logged_with_its_endpoint()
    {
        await using var app = ShopApp.CreateRight();
        var log = new LogLines();
        await using var web = Create(services => services.AddCqrsRoutingCore().AddRoutingSessions(), log);
        web.UseRoutingSessions();
        web.MapGet("/late", async (HttpContext context, RoutingSession session) =>
        {
            await context.Response.WriteAsync("begun");
            session.NoteWrite();
        });
        await web.StartAsync();

        await web.GetTestClient().GetStringAsync("/late");

        log.ShouldBeOnlyWarning(91, "/late", "Finish writing before the first byte of the response");
    }

    [Fact]
    public async Task Garbage_in_the_header_does_not_fail_the_request()
    {
        await using var web = Create(services => services.AddCqrsRoutingCore().AddRoutingSessions());
        web.UseRoutingSessions();
        web.MapGet("/", () => "fine");
        await web.StartAsync();
        var client = web.GetTestClient();
        client.DefaultRequestHeaders.Add("Routing-Session", "garbage");

        (await client.GetStringAsync("/")).ShouldBe("fine");
    }

    [Fact]
    public async Task UseRoutingSessions_called_twice_is_harmless()
    {
        await using var web = Create(services => services.AddCqrsRoutingCore().AddRoutingSessions());
        web.UseRoutingSessions();
        web.UseRoutingSessions();
        web.MapPost("/", (RoutingSession session) => session.NoteWrite());
        await web.StartAsync();

        var response = await web.GetTestClient().PostAsync("/", null);

        response.Headers.GetValues("Routing-Session").ShouldHaveSingleItem().ShouldNotBeEmpty();
    }

    private static async Task ShouldNotStartAsync(Action<RoutingSessionOptions> configure, params string[] words)
    {
        await using var web = Create(services => services.AddCqrsRoutingCore().AddRoutingSessions(configure));

        (await Should.ThrowAsync<Exception>(() => web.StartAsync())).ShouldSay(words);
    }

    private static WebApplication Create(Action<IServiceCollection> configure, LogLines? log = null)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        if (log is not null)
            builder.Logging.AddProvider(log);
        builder.WebHost.UseTestServer();
        configure(builder.Services);
        return builder.Build();
    }
}
