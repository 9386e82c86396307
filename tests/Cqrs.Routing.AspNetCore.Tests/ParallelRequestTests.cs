using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.DataProtection;

namespace Cqrs.Routing.AspNetCore.Tests;

/// <summary>Many parallel requests of one user.</summary>
public abstract class ParallelRequestTests(DatabasePair pair) : IAsyncLifetime
{
    /// <summary>What most servers take for all headers of a request together is eight times as much.</summary>
    private const int MostBytes = 4096;

    public async ValueTask InitializeAsync()
    {
        Assert.SkipWhen(pair.SkipReason is not null, pair.SkipReason ?? "");
        await pair.ResetAsync();
    }

    public ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        return ValueTask.CompletedTask;
    }

    [Fact]
    public async Task Two_hundred_parallel_writes_leave_few_cookies_and_the_next_page_shows_all()
    {
        await using var shop = await Shop.StartAsync(pair);
        using var user = shop.Open();
        user.Cookies.PerDomainCapacity = 300;

        // None of them has a cookie yet when it is sent, as in a browser that sends them at once.
        var responses = new List<HttpResponseMessage>();
        for (var number = 0; number < 199; number++)
            responses.Add(await user.RenameSlowlyAsync($"name {number}"));
        responses.Add(await user.RenameSlowlyAsync("written"));
        // The answers arrive in any order.
        foreach (var response in responses.OrderBy(response => response.GetHashCode()))
        {
            response.StatusCode.ShouldBe(HttpStatusCode.OK);
            user.Keep(response);
        }

        user.SessionCookies.Count.ShouldBeLessThan(5);
        user.CookieHeader.Length.ShouldBeLessThan(MostBytes);
        (await user.NameAsync()).ShouldBe("written");
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public async Task Four_hundred_overlapping_writes_leave_few_cookies_and_every_instance_shows_the_last_one(int instances)
    {
        var keys = new EphemeralDataProtectionProvider();
        var shops = new List<Shop>();
        for (var instance = 0; instance < instances; instance++)
            shops.Add(await Shop.StartAsync(pair, keys));
        using var user = shops[0].Open();
        user.Cookies.PerDomainCapacity = 300;
        var underWay = new Queue<HttpResponseMessage>();

        for (var number = 0; number < 400; number++)
        {
            using var browser = shops[number % instances].Open(user);
            underWay.Enqueue(await browser.RenameSlowlyAsync($"name {number}"));
            if (underWay.Count > 50)
                user.Keep(underWay.Dequeue());
            user.CookieHeader.Length.ShouldBeLessThan(MostBytes);
            shops.ForEach(shop => shop.Clock.Advance(TimeSpan.FromMilliseconds(50)));
        }

        while (underWay.Count > 0)
            user.Keep(underWay.Dequeue());
        user.CookieHeader.Length.ShouldBeLessThan(MostBytes);
        foreach (var shop in shops)
        {
            using var browser = shop.Open(user);
            (await browser.NameAsync()).ShouldBe("name 399");
        }

        foreach (var shop in shops)
            await shop.DisposeAsync();
    }

    [Theory]
    [InlineData(0)]
    [InlineData(2)]
    [InlineData(5)]
    public async Task A_session_that_is_pinned_to_the_primary_reads_it_however_many_cookies_there_are(int writes)
    {
        await using var shop = await Shop.StartAsync(pair, map: app => app.MapPost("/require", (RoutingSession session) => session.PinToPrimary()));
        using var user = shop.Open();
        for (var number = 0; number < writes; number++)
            await user.RenameAsync("written");
        await user.SendAsync(HttpMethod.Post, "require");
        await pair.ReplicateAsync();
        shop.Clock.Advance(TimeSpan.FromSeconds(50));
        shop.Routes.Clear();

        await user.NameAsync();

        shop.Routes.GetRecords<Read>().Last().Reason.ShouldBe(RouteReason.RecentWrite);
    }

    [Fact]
    public async Task After_the_primary_answered_a_cookie_that_only_asks_the_next_query_reads_the_replica()
    {
        await using var shop = await Shop.StartAsync(pair);
        using var user = shop.Open();
        for (var number = 0; number < 3; number++)
            user.Keep(await user.RenameSlowlyAsync("written"));
        user.SessionCookies.ShouldContain(".Cqrs.Routing.ask");
        shop.Clock.Advance(TimeSpan.FromSeconds(6));
        await pair.ReplicateAsync();

        (await user.NameAsync()).ShouldBe("written");
        shop.Routes.Clear();
        (await user.NameAsync()).ShouldBe("written");

        shop.Routes.GetRecords<Read>().Last().Route.ShouldBe(DatabaseRole.Replica);
    }

    public sealed class OnSqlite(Pair<SqlitePair> fixture) : ParallelRequestTests(fixture.Databases), IClassFixture<Pair<SqlitePair>>;

    [Collection("PostgreSQL")]
    public sealed class OnPostgres(Pair<PostgresPairDatabase> fixture) : ParallelRequestTests(fixture.Databases), IClassFixture<Pair<PostgresPairDatabase>>;
}
