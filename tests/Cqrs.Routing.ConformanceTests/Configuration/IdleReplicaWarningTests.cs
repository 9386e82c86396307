using Microsoft.Extensions.DependencyInjection;

namespace Cqrs.Routing.ConformanceTests.Configuration;

/// <summary>The warning about a replica that no query has used.</summary>
public sealed class IdleReplicaWarningTests(PairFixture<SqlitePair> fixture) : ConformanceTest(fixture.Pair), IClassFixture<PairFixture<SqlitePair>>
{
    [Fact]
    public async Task A_replica_that_no_query_uses_is_logged_once()
    {
        using var lines = new LogLines();
        await using var app = Start<Shop<IdleReplicaWarningTests>>(lines, hasReplica: true);

        await UseAsync<Shop<IdleReplicaWarningTests>>(app, 1200);

        lines.All.ShouldHaveSingleItem().ShouldStartWith("Shop<IdleReplicaWarningTests> has a replica and was used 500 times, but never by a query, so the replica stays idle. Mark requests that only read (IQuery<T> with MediatR)");
    }

    [Fact]
    public async Task A_replica_that_one_query_used_is_not_logged_as_idle()
    {
        using var lines = new LogLines();
        await using var app = Start<Shop<CancellationToken>>(lines, hasReplica: true);

        await app.SendAsync(new Read(async handling => await handling.Services.GetRequiredService<Shop<CancellationToken>>().Orders.CountAsync()));
        await UseAsync<Shop<CancellationToken>>(app, 1200);

        lines.All.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_context_without_a_replica_is_not_logged_as_idle()
    {
        using var lines = new LogLines();
        await using var app = Start<Shop<Task>>(lines, hasReplica: false);

        await UseAsync<Shop<Task>>(app, 1200);

        lines.All.ShouldBeEmpty();
    }

    private static Task UseAsync<TContext>(RoutedApp app, int times)
        where TContext : ShopContext
        => app.InScopeAsync(async handling =>
        {
            for (var use = 0; use < times; use++)
                await handling.Services.GetRequiredService<TContext>().Orders.CountAsync();
        });

    private RoutedApp Start<TContext>(LogLines lines, bool hasReplica)
        where TContext : ShopContext
        => Start(options =>
        {
            options.ConfigureServices = lines.AddTo;
            options.AddContexts = (services, _) => services.AddDbContext<TContext>(context => Pair.Use(context, Pair.Primary).UseReplica(hasReplica ? Pair.Replica : null));
        });
}
