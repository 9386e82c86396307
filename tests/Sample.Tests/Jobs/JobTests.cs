using System.Net.Http.Json;
using Cqrs.Routing;
using Microsoft.Extensions.DependencyInjection;
using Sample.Api.Jobs;

namespace Sample.Tests.Jobs;

/// <summary>Background jobs that carry the session of their sender.</summary>
public sealed class JobTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    [Trait("Case", "C251")]
    public async Task A_job_with_a_token_finds_what_the_replica_does_not_have_and_one_without_does_not()
    {
        await using var factory = new SampleFactory();
        using var client = factory.CreateClient();
        await factory.Replication.PauseAsync(Token);
        var response = await client.PostAsJsonAsync("api/orders", NewOrder, Token);
        var order = int.Parse(response.Headers.Location!.ToString().Split('/')[^1], System.Globalization.CultureInfo.InvariantCulture);
        var session = response.Headers.GetValues("Routing-Session").Single();
        var handler = factory.Services.GetRequiredService<ConfirmationHandler>();

        (await handler.HandleAsync(new(order, session), Token)).ShouldNotBeNull();
        (await handler.HandleAsync(new(order, Session: null), Token)).ShouldBeNull();

        await factory.Replication.CatchUpAsync(Token);
        (await handler.HandleAsync(new(order, Session: null), Token)).ShouldNotBeNull();
    }

    [Fact]
    [Trait("Case", "C252")]
    public async Task A_job_leaves_nothing_behind_for_the_next_one_even_if_it_fails()
    {
        await using var factory = new SampleFactory();
        using var client = factory.CreateClient();
        await factory.Replication.PauseAsync(Token);
        var response = await client.PostAsJsonAsync("api/orders", NewOrder, Token);
        var session = response.Headers.GetValues("Routing-Session").Single();
        var handler = factory.Services.GetRequiredService<ConfirmationHandler>();

        await handler.HandleAsync(new(1, session), Token);
        await Should.ThrowAsync<OperationCanceledException>(() => handler.HandleAsync(new(1, session), new CancellationToken(canceled: true)));

        RoutingSession.Current.ShouldBeNull();
        RouteScope.Current.Reason.ShouldBe(RouteReason.NoRequest);
    }

    private static object NewOrder => new
    {
        email = "ada@example.com",
        name = "Ada Lovelace",
        lines = new[] { new { product = "Abacus", quantity = 1, unitPrice = 24.90m } },
    };
}
