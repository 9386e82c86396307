namespace Cqrs.Routing.ConformanceTests.Entities;

/// <summary>Group D: rows that changed or disappeared on the primary after the replica copied them.</summary>
public abstract class ConflictTests(DatabasePair pair) : ConformanceTest(pair)
{
    [Fact]
    [Trait("Case", "C152")]
    public async Task Saving_a_stale_entity_is_a_conflict_and_the_retry_reads_the_primary()
    {
        await NewVersionOnPrimaryAsync();
        await using var app = Start();

        await app.InScopeAsync(async scope =>
        {
            var order = (Order)(await scope.Sender.Send(new Read(async handling => await handling.Db.Orders.AsNoTracking().SingleAsync())))!;
            await scope.Sender.Send(new WriteNothingBack(async handling =>
            {
                handling.Db.Attach(order);
                order.Name = "mine";
                var conflict = await Should.ThrowAsync<DbUpdateConcurrencyException>(() => handling.Db.SaveChangesAsync());
                await conflict.Entries.Single(entry => entry.Entity is Order).ReloadAsync();
                order.Version.ShouldBe(1);
                order.Name.ShouldBe(DatabasePair.Current);
                order.Name += ", mine";
                (await handling.Db.SaveChangesAsync()).ShouldBe(1);
            }));
        });

        app.Log.Counts.ShouldBe((3, 1));
        (await NameAsync()).ShouldBe($"{DatabasePair.Current}, mine");
    }

    [Theory]
    [Trait("Case", "C152")]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Saving_an_entity_that_a_query_tracked_is_no_conflict_as_it_is_the_primarys(bool inCommand)
    {
        await NewVersionOnPrimaryAsync();
        await using var app = Start();

        await app.InScopeAsync(async scope =>
        {
            var order = (Order)(await scope.Sender.Send(new Read(async handling => await handling.Db.Orders.SingleAsync())))!;
            (order.Version, order.Name).ShouldBe((1, DatabasePair.Current));
            order.Name = "mine";
            if (inCommand)
                await scope.Sender.Send(new WriteNothingBack(async handling => (await handling.Db.SaveChangesAsync()).ShouldBe(1)));
            else
                (await scope.Db.SaveChangesAsync()).ShouldBe(1);
        });

        app.Log.Counts.ShouldBe((2, 0));
        (await NameAsync()).ShouldBe("mine");
    }

    [Fact]
    [Trait("Case", "C152")]
    public async Task A_caller_outside_any_request_that_saves_a_stale_entity_retries_from_the_primary()
    {
        await NewVersionOnPrimaryAsync();
        await using var app = Start();

        await app.InScopeAsync(async scope =>
        {
            var order = (Order)(await scope.Sender.Send(new Read(async handling => await handling.Db.Orders.AsNoTracking().SingleAsync())))!;
            scope.Db.Attach(order);
            order.Name = "mine";
            var conflict = await Should.ThrowAsync<DbUpdateConcurrencyException>(() => scope.Db.SaveChangesAsync());
            (await conflict.Entries.Single(entry => entry.Entity is Order).GetDatabaseValuesAsync())!.GetValue<int>(nameof(Order.Version)).ShouldBe(1);
        });

        app.Log.Counts.ShouldBe((2, 1));
        (await NameAsync()).ShouldBe(DatabasePair.Current);
    }

    [Fact]
    [Trait("Case", "C152")]
    public async Task A_command_sent_again_after_a_conflict_works_on_the_primarys_row()
    {
        await NewVersionOnPrimaryAsync();
        await using var app = Start();
        var stale = (Order)(await app.SendAsync(new Read(async handling => await handling.Db.Orders.AsNoTracking().SingleAsync())))!;

        await Should.ThrowAsync<DbUpdateConcurrencyException>(() => app.SendAsync(new WriteNothingBack(async handling =>
        {
            handling.Db.Attach(stale);
            stale.Name = "mine";
            await handling.Db.SaveChangesAsync();
        })));
        await app.SendAsync(new WriteNothingBack(async handling =>
        {
            (await handling.Db.Orders.SingleAsync()).Name = "mine";
            await handling.Db.SaveChangesAsync();
        }));

        app.Log.OnReplica.Count.ShouldBe(1);
        (await NameAsync()).ShouldBe("mine");
    }

    [Theory]
    [Trait("Case", "C154")]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Writing_a_row_that_only_the_replica_still_has_is_a_conflict(bool remove)
    {
        await using (var primary = Pair.Direct(Server.Primary))
            await primary.Orders.ExecuteDeleteAsync();
        await using var app = Start();
        var gone = (Order)(await app.SendAsync(new Read(async handling => await handling.Db.Orders.AsNoTracking().SingleAsync())))!;

        await Should.ThrowAsync<DbUpdateConcurrencyException>(() => app.SendAsync(new WriteNothingBack(async handling =>
        {
            handling.Db.Attach(gone);
            if (remove)
                handling.Db.Remove(gone);
            else
                gone.Name = "mine";
            await handling.Db.SaveChangesAsync();
        })));

        app.Log.Counts.ShouldBe((1, 1));
        await using var after = Pair.Direct(Server.Primary);
        (await after.Orders.CountAsync()).ShouldBe(0);
    }

    private async Task NewVersionOnPrimaryAsync()
    {
        await using var primary = Pair.Direct(Server.Primary);
        await primary.Orders.ExecuteUpdateAsync(set => set.SetProperty(order => order.Version, 1));
    }

    private async Task<string> NameAsync()
    {
        await using var primary = Pair.Direct(Server.Primary);
        return (await primary.Orders.SingleAsync()).Name;
    }

    public sealed class OnSqlite(PairFixture<SqlitePair> fixture) : ConflictTests(fixture.Pair), IClassFixture<PairFixture<SqlitePair>>;

    [Collection(PostgresCollection.Name)]
    public sealed class OnPostgres(PairFixture<PostgresPairDatabase> fixture) : ConflictTests(fixture.Pair), IClassFixture<PairFixture<PostgresPairDatabase>>;
}
