using System.Net;
using MediatR;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.Http;

namespace Cqrs.Routing.AspNetCore.Tests;

/// <summary>The requests of one user, in sequence and in parallel, on a replica that lags.</summary>
public abstract class RoutingSessionMiddlewareTests(DatabasePair pair) : IAsyncLifetime
{
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
    [Trait("Case", "C231")]
    public async Task A_user_sees_the_own_change_at_once_and_others_see_it_when_it_is_replicated()
    {
        await using var shop = await Shop.StartAsync(pair);
        using var user = shop.Open();
        using var other = shop.Open();

        await user.RenameAsync("written");

        (await user.NameAsync()).ShouldBe("written");
        (await other.NameAsync()).ShouldBe(DatabasePair.Replicated);
        other.SessionCookies.ShouldBeEmpty();

        await pair.ReplicateAsync();
        shop.Clock.Advance(TimeSpan.FromSeconds(3));
        shop.Routes.Clear();
        (await user.NameAsync()).ShouldBe("written");
        shop.Routes.GetRecords<Read>().ShouldContain(record => record.Context != null && record.Route == DatabaseRole.Replica);
        // Another replica may not be as far. The browser forgets the cookie by itself.
        user.SessionCookies.Count.ShouldBe(1);
    }

    [Fact]
    [Trait("Case", "C227")]
    public async Task A_user_who_only_reads_gets_no_cookie_and_no_header()
    {
        await using var shop = await Shop.StartAsync(pair);
        using var user = shop.Open();

        var response = await user.SendAsync(HttpMethod.Get, "name");

        response.Headers.Contains("Set-Cookie").ShouldBeFalse();
        response.Headers.Contains("Routing-Session").ShouldBeFalse();
        shop.Routes.GetRecords<Read>().ShouldAllBe(record => record.Route == DatabaseRole.Replica);
    }

    [Fact]
    [Trait("Case", "C230")]
    public async Task A_command_that_wrote_nothing_still_keeps_its_user_on_the_primary()
    {
        await using var shop = await Shop.StartAsync(pair, map: app => app.MapPost("/nothing", (ISender sender) =>
            sender.Send(new Write(async handling => await handling.Db.Orders.CountAsync()))));
        using var user = shop.Open();

        await user.SendAsync(HttpMethod.Post, "nothing");

        user.SessionCookies.Count.ShouldBe(1);
        (await user.NameAsync()).ShouldBe(DatabasePair.Current);
    }

    [Fact]
    public async Task A_query_with_a_session_cookie_sets_no_new_cookie()
    {
        await using var shop = await Shop.StartAsync(pair, replica: choices => choices.MonotonicReads = false);
        using var user = shop.Open();
        await user.RenameAsync("written");
        var cookies = user.SessionCookies;

        var response = await user.SendAsync(HttpMethod.Get, "name");

        response.Headers.Contains("Set-Cookie").ShouldBeFalse();
        user.SessionCookies.ShouldBe(cookies);
    }

    [Fact]
    public async Task A_user_sees_a_committed_write_although_its_command_failed_and_an_error_page_was_shown()
    {
        await using var shop = await Shop.StartAsync(pair, map: app =>
        {
            app.UseExceptionHandler(error => error.Run(context => context.Response.WriteAsync("sorry")));
            app.MapPost("/fail", (ISender sender) => sender.Send(new Write(async handling =>
            {
                await handling.Db.Orders.ExecuteUpdateAsync(orders => orders.SetProperty(order => order.Name, "written"));
                throw new InvalidOperationException("after the commit");
            })));
        });
        using var user = shop.Open();

        var response = await user.SendAsync(HttpMethod.Post, "fail");

        response.StatusCode.ShouldBe(HttpStatusCode.InternalServerError);
        (await user.NameAsync()).ShouldBe("written");
    }

    [Fact]
    public async Task Two_instances_with_the_same_keys_know_each_others_users()
    {
        var keys = new EphemeralDataProtectionProvider();
        await using var first = await Shop.StartAsync(pair, keys);
        await using var second = await Shop.StartAsync(pair, keys);
        using var user = first.Open();

        await user.RenameAsync("written");

        using var sameUser = second.Open(user);
        (await sameUser.NameAsync()).ShouldBe("written");
    }

    [Fact]
    public async Task An_instance_with_other_keys_ignores_the_token_and_leaves_it_alone()
    {
        await using var first = await Shop.StartAsync(pair);
        await using var second = await Shop.StartAsync(pair);
        using var user = first.Open();
        await user.RenameAsync("written");

        using var sameUser = second.Open(user);

        (await sameUser.NameAsync()).ShouldBe(DatabasePair.Replicated);
        await sameUser.RenameAsync("written again");
        (await user.NameAsync()).ShouldBe("written again");
        user.SessionCookies.Count.ShouldBe(2);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Of_two_parallel_writes_the_newer_one_counts_whichever_answer_comes_last(bool olderComesLast)
    {
        await using var shop = await Shop.StartAsync(pair);
        using var user = shop.Open();

        var older = await user.RenameSlowlyAsync("first");
        await pair.ReplicateAsync();
        shop.Clock.Advance(TimeSpan.FromSeconds(1.5));
        var newer = await user.RenameSlowlyAsync("written");
        shop.Clock.Advance(TimeSpan.FromSeconds(1));
        foreach (var response in olderComesLast ? [newer, older] : new[] { older, newer })
            user.Keep(response);

        (await user.NameAsync()).ShouldBe("written");
    }

    [Fact]
    public async Task Cookies_of_parallel_requests_become_one_with_the_next_change()
    {
        await using var shop = await Shop.StartAsync(pair);
        using var user = shop.Open();
        var responses = new[] { await user.RenameSlowlyAsync("first"), await user.RenameSlowlyAsync("second") };
        foreach (var response in responses)
            user.Keep(response);
        user.SessionCookies.Count.ShouldBe(2);
        // Two within five seconds are all that one client gets.
        shop.Clock.Advance(TimeSpan.FromSeconds(6));

        await user.RenameAsync("third");

        user.SessionCookies.Count.ShouldBe(1);
    }

    [Fact]
    public async Task Code_outside_the_mediator_takes_part_in_the_session()
    {
        await using var shop = await Shop.StartAsync(pair, map: app =>
        {
            app.MapPost("/direct", async (ShopContext db) => await db.Orders.ExecuteUpdateAsync(orders => orders.SetProperty(order => order.Name, "written")));
            app.MapGet("/direct", async (ShopContext db) =>
            {
                using var query = RouteScope.BeginQuery();
                return (await db.Orders.AsNoTracking().SingleAsync()).Name;
            });
        });
        using var user = shop.Open();
        using var other = shop.Open();

        await user.SendAsync(HttpMethod.Post, "direct");

        (await (await user.SendAsync(HttpMethod.Get, "direct")).Content.ReadAsStringAsync()).ShouldBe("written");
        (await (await other.SendAsync(HttpMethod.Get, "direct")).Content.ReadAsStringAsync()).ShouldBe(DatabasePair.Replicated);
    }

    [Fact]
    public async Task A_client_without_cookies_sends_back_the_header()
    {
        await using var shop = await Shop.StartAsync(pair, configure: options => options.UseCookies = false);
        using var client = shop.Open();

        var token = (await client.RenameAsync("written")).Headers.GetValues("Routing-Session").Single();

        (await (await client.SendAsync(HttpMethod.Get, "name", token)).Content.ReadAsStringAsync()).ShouldBe("written");
        (await (await client.SendAsync(HttpMethod.Get, "name", $"garbage, {token}")).Content.ReadAsStringAsync()).ShouldBe("written");
        (await client.NameAsync()).ShouldBe(DatabasePair.Replicated);
        client.SessionCookies.ShouldBeEmpty();

        await pair.ReplicateAsync();
        shop.Clock.Advance(TimeSpan.FromSeconds(3));
        await client.SendAsync(HttpMethod.Get, "name", token);
        shop.Routes.Records[^1].Route.ShouldBe(DatabaseRole.Replica);
    }

    public sealed class OnSqlite(Pair<SqlitePair> fixture) : RoutingSessionMiddlewareTests(fixture.Databases), IClassFixture<Pair<SqlitePair>>;

    // One after the other: replay is paused for the whole standby.
    [Collection("PostgreSQL")]
    public sealed class OnPostgres(Pair<PostgresPairDatabase> fixture) : RoutingSessionMiddlewareTests(fixture.Databases), IClassFixture<Pair<PostgresPairDatabase>>;
}
