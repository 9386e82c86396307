namespace Cqrs.Routing.ConformanceTests.Entities;

/// <summary>Group D: lazy loading runs where the request that triggers it runs.</summary>
public abstract class LazyLoadingTests(DatabasePair pair) : ConformanceTest(pair)
{
    [Fact]
    [Trait("Case", "C146")]
    public async Task Lazy_loading_inside_the_query_reads_the_primary_as_what_it_expands_is_tracked()
    {
        await using var app = StartLazy();

        await app.SendAsync(new Read(async handling =>
        {
            var order = await handling.Db.Orders.SingleAsync();
            order.Name.ShouldBe(DatabasePair.Current);
            order.Lines.Count.ShouldBe(2);
            order.Customer!.Email.ShouldBe("ada@example.org");
        }));

        app.Log.Counts.ShouldBe((3, 0));
    }

    [Fact]
    [Trait("Case", "C146")]
    public async Task Lazy_loading_of_what_is_not_tracked_reads_the_replica_inside_the_query()
    {
        await using var app = StartLazy();

        await app.SendAsync(new Read(async handling =>
        {
            var order = await handling.Db.Orders.AsNoTracking().SingleAsync();
            order.Name.ShouldBe(DatabasePair.Replicated);
            order.Lines.Count.ShouldBe(2);
            order.Customer!.Email.ShouldBe("ada@example.org");
        }));

        app.Log.Counts.ShouldBe((0, 3));
    }

    [Theory]
    [Trait("Case", "C147")]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Lazy_loading_after_the_query_reads_the_primary_while_the_scope_lives(bool tracks)
    {
        await using var app = StartLazy();

        await app.InScopeAsync(async scope =>
        {
            var order = (Order)(await scope.Sender.Send(new Read(async handling =>
                tracks ? await handling.Db.Orders.SingleAsync() : await handling.Db.Orders.AsNoTracking().SingleAsync())))!;
            order.Lines.Count.ShouldBe(2);
        });

        app.Log.Counts.ShouldBe(tracks ? (2, 0) : (1, 1));
    }

    [Fact]
    [Trait("Case", "C149")]
    public async Task An_entity_of_a_query_expanded_inside_a_command_reads_the_primary()
    {
        await using var app = StartLazy();

        await app.InScopeAsync(async scope =>
        {
            var order = (Order)(await scope.Sender.Send(new Read(async handling => await handling.Db.Orders.SingleAsync())))!;
            app.Log.Clear();
            await scope.Sender.Send(new WriteNothingBack(async handling =>
            {
                await using var transaction = await handling.Db.Database.BeginTransactionAsync();
                order.Lines.Count.ShouldBe(2);
                app.Log.Counts.ShouldBe((1, 0));
                var loaded = await handling.Db.Orders.SingleAsync();
                loaded.ShouldBeSameAs(order);
                loaded.Name.ShouldBe(DatabasePair.Current);
                loaded.Lines.Count.ShouldBe(2);
            }));
        });

        app.Log.Counts.ShouldBe((2, 0));
    }

    [Fact]
    [Trait("Case", "C149")]
    public async Task A_changed_entity_expanded_inside_a_command_reads_the_primary()
    {
        await using (var primary = Pair.Direct(Server.Primary))
            await primary.Lines.ExecuteUpdateAsync(set => set.SetProperty(line => line.Quantity, 5));
        await using var app = StartLazy();

        await app.InScopeAsync(async scope =>
        {
            var order = (Order)(await scope.Sender.Send(new Read(async handling => await handling.Db.Orders.SingleAsync())))!;
            order.Name = "changed";
            app.Log.Clear();
            await scope.Sender.Send(new WriteNothingBack(async handling =>
            {
                order.Lines.ShouldAllBe(line => line.Quantity == 5);
                await handling.Db.SaveChangesAsync();
            }));
        });

        app.Log.Counts.ShouldBe((2, 0));
    }

    [Fact]
    [Trait("Case", "C146")]
    public async Task What_was_loaded_lazily_stays_with_its_holder_when_a_command_starts()
    {
        await using var app = StartLazy();

        await app.InScopeAsync(async scope =>
        {
            var order = (Order)(await scope.Sender.Send(new Read(async handling =>
            {
                var loaded = await handling.Db.Orders.SingleAsync();
                loaded.Lines.Count.ShouldBe(2);
                return loaded;
            })))!;
            await scope.Sender.Send(new WriteNothingBack(async handling => await handling.Db.Notes.ExecuteDeleteAsync()));
            order.Lines.Count.ShouldBe(2);
        });

        app.Log.Counts.ShouldBe((3, 0));
    }

    private RoutedApp StartLazy() => Start(options => options.ConfigureContext = (builder, pair) => builder.UseReplica(pair.Replica).UseLazyLoadingProxies());

    public sealed class OnSqlite(PairFixture<SqlitePair> fixture) : LazyLoadingTests(fixture.Pair), IClassFixture<PairFixture<SqlitePair>>;

    [Collection(PostgresCollection.Name)]
    public sealed class OnPostgres(PairFixture<PostgresPairDatabase> fixture) : LazyLoadingTests(fixture.Pair), IClassFixture<PairFixture<PostgresPairDatabase>>;
}
