using Cqrs.Routing.ConformanceTests.Configuration;

namespace Cqrs.Routing.ConformanceTests.Entities;

/// <summary>Group D: a query that is composed in one place and runs in another, and a compiled query that several requests share.</summary>
public abstract class DeferredTests(DatabasePair pair) : ConformanceTest(pair)
{
    // Compiled for one model, so not static: the two providers have two.
    private readonly Func<ShopContext, int, Task<Order>> _compiled =
        EF.CompileAsyncQuery((ShopContext db, int id) => db.Orders.Single(order => order.Id == id));

    private readonly Func<ShopContext, int, Task<Order>> _compiledToShow =
        EF.CompileAsyncQuery((ShopContext db, int id) => db.Orders.AsNoTracking().Single(order => order.Id == id));

    [Fact]
    [Trait("Case", "C155")]
    public async Task A_query_returned_unexecuted_from_a_finished_scope_cannot_run()
    {
        await using var app = Start();

        var orders = (IQueryable<Order>)(await app.SendAsync(new Read(async handling =>
        {
            await Task.Yield();
            return handling.Db.Orders.Where(order => order.Id == 1);
        })))!;

        await Should.ThrowAsync<ObjectDisposedException>(() => orders.ToListAsync());
        await Should.ThrowAsync<ObjectDisposedException>(() => app.SendAsync(new Read(async _ => await orders.ToListAsync())));
        app.Log.Counts.ShouldBe((0, 0));
    }

    [Fact]
    [Trait("Case", "C155")]
    public async Task A_query_returned_unexecuted_runs_on_the_primary_outside_the_request_which_is_logged_once()
    {
        var lines = new LogLines();
        await using var app = Start(options => options.ConfigureServices = lines.AddTo);

        await app.InScopeAsync(async scope =>
        {
            var orders = (IQueryable<Order>)(await scope.Sender.Send(new Read(async handling =>
            {
                await Task.Yield();
                return handling.Db.Orders.Where(order => order.Id == 1);
            })))!;
            (await orders.SingleAsync()).Name.ShouldBe(DatabasePair.Current);
        });

        app.Log.Counts.ShouldBe((1, 0));
        await app.SendAsync(new Read(handling => Task.FromResult<object?>(handling.Db.Orders.Where(order => order.Id == 1))));
        lines.All.ShouldHaveSingleItem().ShouldContain("Read answered with EntityQueryable<Order>, which reads when its caller enumerates it.");
    }

    [Fact]
    public async Task Rows_that_were_read_and_made_queryable_again_are_not_logged_as_deferred()
    {
        var lines = new LogLines();
        await using var app = Start(options => options.ConfigureServices = lines.AddTo);

        await app.SendAsync(new Read(async handling => (await handling.Db.Orders.AsNoTracking().ToListAsync()).AsQueryable()));
        await app.SendAsync(new WriteNothingBack(async handling => await handling.Db.Orders.CountAsync()));

        lines.All.ShouldBeEmpty();
    }

    [Theory]
    [Trait("Case", "C132")]
    [InlineData(ContextLifetime.Scoped)]
    [InlineData(ContextLifetime.Pooled)]
    public async Task A_compiled_query_is_shared_by_queries_and_commands_and_a_command_saves_what_it_loads(ContextLifetime lifetime)
    {
        await using var app = Start(options => options.Lifetime = lifetime);

        for (var round = 1; round <= 3; round++)
        {
            await app.InScopeAsync(async scope =>
            {
                await scope.Sender.Send(new Read(async handling =>
                    (await _compiled(handling.Db, 1)).Name.ShouldBe(DatabasePair.Current + new string('!', round - 1))));
                await scope.Sender.Send(new WriteNothingBack(async handling =>
                {
                    (await _compiled(handling.Db, 1)).Name += "!";
                    (await handling.Db.SaveChangesAsync()).ShouldBe(1);
                }));
            });
        }

        app.Log.Counts.ShouldBe((9, 0));
        await using var primary = Pair.Direct(Server.Primary);
        (await primary.Orders.SingleAsync()).Name.ShouldBe($"{DatabasePair.Current}!!!");
    }

    [Theory]
    [Trait("Case", "C132")]
    [InlineData(ContextLifetime.Scoped)]
    [InlineData(ContextLifetime.Pooled)]
    public async Task A_compiled_query_that_tracks_nothing_reads_the_replica_for_queries_and_the_primary_for_commands(ContextLifetime lifetime)
    {
        await using var app = Start(options => options.Lifetime = lifetime);

        for (var round = 1; round <= 3; round++)
        {
            await app.InScopeAsync(async scope =>
            {
                await scope.Sender.Send(new Read(async handling => (await _compiledToShow(handling.Db, 1)).Name.ShouldBe(DatabasePair.Replicated)));
                await scope.Sender.Send(new WriteNothingBack(async handling => (await _compiledToShow(handling.Db, 1)).Name.ShouldBe(DatabasePair.Current)));
            });
        }

        app.Log.Counts.ShouldBe((3, 3));
    }

    [Fact]
    [Trait("Case", "C134")]
    public async Task After_the_save_an_entity_and_what_was_loaded_with_it_stay_tracked()
    {
        await using var app = Start();

        await app.InScopeAsync(async scope =>
        {
            var order = (Order)(await scope.Sender.Send(new Read(async handling => await handling.Db.Orders.Include(order => order.Lines).SingleAsync())))!;
            order.Name = "changed";
            await scope.Sender.Send(new WriteNothingBack(async handling => await handling.Db.SaveChangesAsync()));

            await scope.Sender.Send(new WriteNothingBack(async handling =>
            {
                await Task.Yield();
                handling.Db.Entry(order).State.ShouldBe(EntityState.Unchanged);
                handling.Db.Lines.Local.OrderBy(line => line.Id).ShouldBe(order.Lines.OrderBy(line => line.Id));
                order.Lines.Count.ShouldBe(2);
            }));
        });
    }

    // A compiled query belongs to one model, which is gone with the provider that other classes make EF forget.
    [Collection(PostgresCollection.Name)]
    public sealed class OnSqlite(PairFixture<SqlitePair> fixture) : DeferredTests(fixture.Pair), IClassFixture<PairFixture<SqlitePair>>;

    [Collection(PostgresCollection.Name)]
    public sealed class OnPostgres(PairFixture<PostgresPairDatabase> fixture) : DeferredTests(fixture.Pair), IClassFixture<PairFixture<PostgresPairDatabase>>;
}
