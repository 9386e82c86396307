namespace Cqrs.Routing.MistakeTests.Sessions;

public sealed class SessionTests
{
    [Fact]
    public async Task A_write_and_a_read_in_two_scopes_without_a_session_are_warned_of()
    {
        await using var app = ShopApp.CreateRight();

        await app.SendAsync(PlaceOrder.Right);
        await app.ReadAsync();

        app.Log.ShouldBeOnlyWarning(12, "Use one scope for both", "UseRoutingSessions (ASP.NET Core)", "RoutingSession.GetTokenAsync and TryResume");
    }

    [Fact]
    public async Task A_token_without_Data_Protection_says_what_to_call()
    {
        await using var app = ShopApp.CreateRight();

        (await Should.ThrowAsync<InvalidOperationException>(() => app.InScopeAsync(async work =>
        {
            await work.Sender.Send(PlaceOrder.Right);
            return await work.Services.GetRequiredService<RoutingSession>().GetTokenAsync();
        }))).ShouldSay("Data Protection", "services.AddDataProtection()");
    }

    [Fact]
    public async Task A_token_that_is_resumed_without_Data_Protection_says_what_to_call()
    {
        await using var app = ShopApp.CreateRight();

        (await Should.ThrowAsync<InvalidOperationException>(() => TryResumeAsync(app, "token"))).ShouldSay("Data Protection", "services.AddDataProtection()");
    }

    [Fact]
    public async Task Garbage_as_a_token_is_not_resumed()
    {
        await using var app = CreateWithTokens();

        (await TryResumeAsync(app, "not a token")).ShouldBeFalse();
        (await TryResumeAsync(app, "42")).ShouldBeFalse();
    }

    [Fact]
    public async Task A_token_that_is_missing_is_not_resumed()
    {
        await using var app = CreateWithTokens();

        (await TryResumeAsync(app, null)).ShouldBeFalse();
        (await TryResumeAsync(app, "")).ShouldBeFalse();
    }

    [Fact]
    public async Task A_token_of_another_application_is_not_resumed()
    {
        await using var app = CreateWithTokens();
        await using var other = CreateWithTokens();
        var token = await other.InScopeAsync(async work =>
        {
            await work.Sender.Send(PlaceOrder.Right);
            return await work.Services.GetRequiredService<RoutingSession>().GetTokenAsync();
        });

        (await TryResumeAsync(app, token)).ShouldBeFalse();
    }

    [Fact]
    public async Task A_session_that_is_begun_and_never_disposed_serves_as_one_that_is()
    {
        await using var app = ShopApp.CreateRight();

        await app.InScopeAsync(async work =>
        {
            work.Services.GetRequiredService<RoutingSession>().Begin();
            await work.Sender.Send(PlaceOrder.Right);
            return await work.Sender.Send(GetReport.Right);
        });

        app.Routes.GetRecords<GetReport>()[^1].Reason.ShouldBe(RouteReason.RecentWrite);
        app.Log.ShouldBeWithoutWarning();
    }

    private static ShopApp CreateWithTokens()
    {
        var app = ShopApp.CreateRight();
        app.Services.AddSingleton<Microsoft.AspNetCore.DataProtection.IDataProtectionProvider>(new Microsoft.AspNetCore.DataProtection.EphemeralDataProtectionProvider());
        return app;
    }

    private static Task<bool> TryResumeAsync(ShopApp app, string? token) =>
        app.InScopeAsync(work => Task.FromResult(work.Services.GetRequiredService<RoutingSession>().TryResume(token)));
}
