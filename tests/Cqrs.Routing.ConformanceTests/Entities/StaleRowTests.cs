namespace Cqrs.Routing.ConformanceTests.Entities;

/// <summary>Group D: tracked rows come from the primary, so a command never works on a row of a lagging replica.</summary>
public abstract class StaleRowTests(DatabasePair pair) : ConformanceTest(pair)
{
    [Theory]
    [Trait("Case", "C132")]
    [InlineData(ContextLifetime.Scoped)]
    [InlineData(ContextLifetime.Pooled)]
    [InlineData(ContextLifetime.Factory)]
    [InlineData(ContextLifetime.PooledFactory)]
    public async Task A_command_works_on_the_row_that_a_query_of_its_scope_tracked(ContextLifetime lifetime)
    {
        await using var app = Start(options => options.Lifetime = lifetime);

        await AppendInCommandAsync(app, tracks: true, db => db.Orders.SingleAsync());

        app.Log.Counts.ShouldBe((3, 0));
        await NameIsAsync($"{DatabasePair.Current}!");
    }

    [Theory]
    [Trait("Case", "C132")]
    [InlineData(ContextLifetime.Scoped)]
    [InlineData(ContextLifetime.Pooled)]
    [InlineData(ContextLifetime.Factory)]
    [InlineData(ContextLifetime.PooledFactory)]
    public async Task A_command_reads_again_what_a_query_of_its_scope_only_showed(ContextLifetime lifetime)
    {
        await using var app = Start(options => options.Lifetime = lifetime);

        await AppendInCommandAsync(app, tracks: false, db => db.Orders.SingleAsync());

        app.Log.Counts.ShouldBe((2, 1));
        await NameIsAsync($"{DatabasePair.Current}!");
    }

    [Fact]
    [Trait("Case", "C132")]
    public async Task Find_in_a_command_finds_the_primarys_row_that_a_query_tracked()
    {
        await using var app = Start();

        await AppendInCommandAsync(app, tracks: true, async db => (await db.Orders.FindAsync(1))!);

        // What is tracked is found without a statement.
        app.Log.Counts.ShouldBe((2, 0));
        await NameIsAsync($"{DatabasePair.Current}!");
    }

    [Fact]
    [Trait("Case", "C132")]
    public async Task Find_in_a_command_does_not_find_what_a_query_only_showed()
    {
        await using var app = Start();

        await AppendInCommandAsync(app, tracks: false, async db => (await db.Orders.FindAsync(1))!);

        app.Log.Counts.ShouldBe((2, 1));
        await NameIsAsync($"{DatabasePair.Current}!");
    }

    [Fact]
    [Trait("Case", "C132")]
    public async Task Local_holds_in_a_command_what_a_query_tracked_and_nothing_that_it_only_showed()
    {
        await using var app = Start();

        await app.InScopeAsync(async scope =>
        {
            var shown = (List<Customer>)(await scope.Sender.Send(new Read(async handling => await handling.Db.Customers.AsNoTracking().ToListAsync())))!;
            var tracked = (Order)(await scope.Sender.Send(new Read(async handling => await handling.Db.Orders.Include(order => order.Lines).SingleAsync())))!;
            await scope.Sender.Send(new WriteNothingBack(async handling =>
            {
                await Task.Yield();
                shown.ShouldHaveSingleItem();
                handling.Db.Customers.Local.ShouldBeEmpty();
                handling.Db.Orders.Local.ShouldHaveSingleItem().ShouldBeSameAs(tracked);
                tracked.Name.ShouldBe(DatabasePair.Current);
                // The order and its address, and two lines.
                handling.Db.ChangeTracker.Entries().Count().ShouldBe(4);
                handling.Db.ChangeTracker.Entries().ShouldAllBe(entry => entry.State == EntityState.Unchanged);
            }));
        });

        app.Log.Counts.ShouldBe((1, 1));
    }

    [Fact]
    [Trait("Case", "C132")]
    public async Task What_a_query_changed_and_could_not_save_is_still_pending_in_the_command()
    {
        await using var app = Start();

        await app.InScopeAsync(async scope =>
        {
            await scope.Sender.Send(new Read(async handling => (await handling.Db.Orders.SingleAsync()).Name = "changed"));
            await scope.Sender.Send(new WriteNothingBack(async handling => await handling.Db.SaveChangesAsync()));
        });

        app.Log.Counts.ShouldBe((2, 0));
        await NameIsAsync("changed");
    }

    [Fact]
    [Trait("Case", "C132")]
    public async Task Another_entitys_changed_owned_value_does_not_keep_a_stale_row()
    {
        await AddSecondOrderAsync();
        await using var app = Start();

        await app.InScopeAsync(async scope =>
        {
            var orders = (List<Order>)(await scope.Sender.Send(new Read(async handling => await handling.Db.Orders.OrderBy(order => order.Id).ToListAsync())))!;
            orders[1].ShipTo!.City = "Rome";
            await scope.Sender.Send(new WriteNothingBack(async handling =>
            {
                var order = await handling.Db.Orders.SingleAsync(order => order.Id == 1);
                order.Name += "!";
                await handling.Db.SaveChangesAsync();
            }));
        });

        await NameIsAsync($"{DatabasePair.Current}!");
        await using var primary = Pair.Direct(Server.Primary);
        (await primary.Orders.SingleAsync(order => order.Id == 2)).ShipTo!.City.ShouldBe("Rome");
    }

    [Fact]
    [Trait("Case", "C132")]
    public async Task What_a_command_loaded_from_the_primary_stays_tracked_for_the_next_one()
    {
        await using var app = Start();

        await app.InScopeAsync(async scope =>
        {
            var first = await scope.Sender.Send(new Write(async handling => await handling.Db.Orders.SingleAsync()));
            await scope.Sender.Send(new Read(async handling => await handling.Db.Lines.ToListAsync()));
            var second = await scope.Sender.Send(new Write(async handling => await handling.Db.Orders.SingleAsync()));
            second.ShouldBeSameAs(first);
        });
    }

    [Fact]
    [Trait("Case", "C132")]
    public async Task What_queries_track_stays_tracked_for_the_next_query_as_in_plain_EF()
    {
        await using var app = Start();

        await app.InScopeAsync(async scope =>
        {
            var first = await scope.Sender.Send(new Read(async handling => await handling.Db.Orders.SingleAsync()));
            var second = await scope.Sender.Send(new Read(async handling => await handling.Db.Orders.FindAsync(1)));
            second.ShouldBeSameAs(first);
        });

        app.Log.Counts.ShouldBe((1, 0));
    }

    private static async Task AppendInCommandAsync(RoutedApp app, bool tracks, Func<ShopContext, Task<Order>> load)
    {
        await app.InScopeAsync(async scope =>
        {
            var read = (Order)(await scope.Sender.Send(new Read(async handling =>
                await (tracks ? handling.Db.Orders : handling.Db.Orders.AsNoTracking()).SingleAsync())))!;
            read.Name.ShouldBe(tracks ? DatabasePair.Current : DatabasePair.Replicated);
            app.Log.Counts.ShouldBe(tracks ? (1, 0) : (0, 1));
            await scope.Sender.Send(new WriteNothingBack(async handling =>
            {
                var order = await load(handling.Db);
                ReferenceEquals(order, read).ShouldBe(tracks);
                order.Name += "!";
                await handling.Db.SaveChangesAsync();
            }));
        });
    }

    private async Task AddSecondOrderAsync()
    {
        await using var primary = Pair.Direct(Server.Primary);
        primary.Add(new Order { Id = 2, Name = "second", ShipTo = new() { City = "Oslo" } });
        await primary.Orders.ExecuteUpdateAsync(set => set.SetProperty(order => order.Name, DatabasePair.Replicated));
        await primary.SaveChangesAsync();
        await Pair.ReplicateAsync();
        await primary.Orders.Where(order => order.Id == 1).ExecuteUpdateAsync(set => set.SetProperty(order => order.Name, DatabasePair.Current));
    }

    private async Task NameIsAsync(string name)
    {
        await using var primary = Pair.Direct(Server.Primary);
        (await primary.Orders.SingleAsync(order => order.Id == 1)).Name.ShouldBe(name);
    }

    public sealed class OnSqlite(PairFixture<SqlitePair> fixture) : StaleRowTests(fixture.Pair), IClassFixture<PairFixture<SqlitePair>>;

    public sealed class OnSqlServer(PairFixture<SqlServerPairDatabase> fixture) : StaleRowTests(fixture.Pair), IClassFixture<PairFixture<SqlServerPairDatabase>>;

    [Collection(PostgresCollection.Name)]
    public sealed class OnPostgres(PairFixture<PostgresPairDatabase> fixture) : StaleRowTests(fixture.Pair), IClassFixture<PairFixture<PostgresPairDatabase>>;
}
