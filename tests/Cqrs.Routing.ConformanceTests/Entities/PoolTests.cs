using System.Collections.Concurrent;

namespace Cqrs.Routing.ConformanceTests.Entities;

/// <summary>Pooled contexts under load: no lease sees the entities of another, and no write is lost or repeated.</summary>
public abstract class PoolTests(DatabasePair pair) : ConformanceTest(pair)
{
    private const int Requests = 240;

    [Theory]
    [Trait("Case", "C022")]
    [Trait("Case", "C134")]
    [InlineData(ContextLifetime.Pooled)]
    [InlineData(ContextLifetime.PooledFactory)]
    [InlineData(ContextLifetime.Scoped)]
    public async Task Mixed_concurrent_requests_store_every_row_once(ContextLifetime lifetime)
    {
        await using var app = Start(options => options.Lifetime = lifetime);
        var shown = new ConcurrentBag<string>();
        var tracked = new ConcurrentBag<string>();

        await Parallel.ForEachAsync(Enumerable.Range(0, Requests), new ParallelOptions { MaxDegreeOfParallelism = 32 }, async (number, _) =>
            await app.InScopeAsync(async scope =>
            {
                using (RouteScope.BeginQuery())
                    shown.Add((await scope.Db.Orders.AsNoTracking().SingleAsync()).Name);
                var order = (Order)(await scope.Sender.Send(new Read(async handling =>
                    await handling.Db.Orders.Include(order => order.Lines).SingleAsync())))!;
                tracked.Add(order.Name);
                if (number % 3 == 0)
                {
                    // A write of the caller's own, outside any request, on what the query tracked.
                    order.Lines.Add(new Line { Product = $"{number}" });
                    await scope.Db.SaveChangesAsync();
                    return;
                }

                await scope.Sender.Send(new WriteNothingBack(async handling =>
                {
                    var loaded = await handling.Db.Orders.SingleAsync();
                    loaded.ShouldBeSameAs(order);
                    loaded.Lines.Add(new Line { Product = $"{number}" });
                    (await handling.Db.SaveChangesAsync()).ShouldBe(1);
                }));
            }));

        shown.Count.ShouldBe(Requests);
        shown.ShouldAllBe(name => name == DatabasePair.Replicated);
        tracked.Count.ShouldBe(Requests);
        tracked.ShouldAllBe(name => name == DatabasePair.Current);
        await using var primary = Pair.Direct(Server.Primary);
        var products = await primary.Lines.Where(line => line.Id > 2).Select(line => line.Product).ToListAsync();
        products.Order().ShouldBe(Enumerable.Range(0, Requests).Select(number => $"{number}").Order());
        await using var replica = Pair.Direct(Server.Replica);
        (await replica.Lines.CountAsync()).ShouldBe(2);
    }

    [Theory]
    [Trait("Case", "C077")]
    [InlineData(ContextLifetime.Pooled)]
    [InlineData(ContextLifetime.PooledFactory)]
    public async Task Refused_writes_among_concurrent_requests_leave_nothing_in_the_pool(ContextLifetime lifetime)
    {
        await using var app = Start(options => options.Lifetime = lifetime);

        await Parallel.ForEachAsync(Enumerable.Range(0, Requests), new ParallelOptions { MaxDegreeOfParallelism = 32 }, async (number, _) =>
        {
            if (number % 2 == 0)
            {
                await Should.ThrowAsync<QueryWriteException>(() => app.SendAsync(new Read(async handling =>
                {
                    handling.Db.Add(new Tag { Label = "never" });
                    await handling.Db.SaveChangesAsync();
                })));
                return;
            }

            await app.SendAsync(new WriteNothingBack(async handling =>
            {
                handling.Db.Add(new Tag { Label = $"{number}" });
                (await handling.Db.SaveChangesAsync()).ShouldBe(1);
            }));
        });

        app.Log.OnReplica.ShouldBeEmpty();
        await using var primary = Pair.Direct(Server.Primary);
        (await primary.Tags.CountAsync(tag => tag.Id > 1)).ShouldBe(Requests / 2);
        (await primary.Tags.CountAsync(tag => tag.Label == "never")).ShouldBe(0);
    }

    public sealed class OnSqlite(PairFixture<SqlitePair> fixture) : PoolTests(fixture.Pair), IClassFixture<PairFixture<SqlitePair>>;

    [Collection(PostgresCollection.Name)]
    public sealed class OnPostgres(PairFixture<PostgresPairDatabase> fixture) : PoolTests(fixture.Pair), IClassFixture<PairFixture<PostgresPairDatabase>>;
}
