using Cqrs.Routing.ConformanceTests.Tracking.Model;

namespace Cqrs.Routing.ConformanceTests.Tracking;

/// <summary>Faults A10 and A12: an update of a row that the replica shows in an older state loses nothing.</summary>
public abstract class LostUpdateTests(DatabasePair pair) : TrackingTest(pair)
{
    [Fact]
    [Trait("Fault", "A10")]
    public async Task A_command_adds_to_what_the_primary_has_after_a_query_block_found_the_row() => await AddedToTheRightRowAsync(async caller =>
    {
        using (RouteScope.BeginQuery())
            await caller.Db.Lines.FindAsync(1);
        return await caller.CommandAsync(async db => await AddOneAsync(db, await db.Lines.FindAsync(1)));
    });

    [Fact]
    [Trait("Fault", "A10")]
    public async Task Code_outside_any_request_adds_to_what_the_primary_has_after_a_query_found_the_row() => await AddedToTheRightRowAsync(async caller =>
    {
        await caller.QueryAsync(async db => await db.Lines.FindAsync(1));
        return await AddOneAsync(caller.Db, await caller.Db.Lines.FindAsync(1));
    });

    [Fact]
    [Trait("Fault", "A10")]
    public async Task Code_outside_any_request_that_reads_the_row_again_adds_to_what_the_primary_has() => await AddedToTheRightRowAsync(async caller =>
    {
        await caller.QueryAsync(db => db.Lines.ToListAsync());
        return await AddOneAsync(caller.Db, await caller.Db.Lines.SingleAsync(line => line.Id == 1));
    });

    [Fact]
    [Trait("Fault", "A10")]
    public async Task Code_outside_any_request_adds_to_what_the_primary_has_in_what_a_query_returned() => await AddedToTheRightRowAsync(async caller =>
        await AddOneAsync(caller.Db, await caller.QueryAsync(db => db.Lines.SingleAsync(line => line.Id == 1))));

    [Fact]
    [Trait("Fault", "A10")]
    public async Task Code_outside_any_request_adds_to_what_the_primary_has_in_what_it_got_or_created() => await AddedToTheRightRowAsync(async caller =>
        await AddOneAsync(caller.Db, await GetOrCreateAsync(caller.Db)));

    [Fact]
    [Trait("Fault", "A10")]
    public async Task A_command_adds_to_what_the_primary_has_after_a_query_got_or_created_the_row() => await AddedToTheRightRowAsync(async caller =>
    {
        await caller.QueryAsync(GetOrCreateAsync);
        return await caller.CommandAsync(async db => await AddOneAsync(db, await db.Lines.FindAsync(1)));
    });

    [Fact]
    [Trait("Fault", "A12")]
    public async Task A_command_adds_to_what_the_primary_has_after_a_query_reloaded_the_row() => await AddedToTheRightRowAsync(async caller =>
    {
        var line = await caller.CommandAsync(db => db.Lines.SingleAsync(line => line.Id == 1));
        await caller.QueryAsync(async db =>
        {
            await db.Entry(line).ReloadAsync();
            return line;
        });
        return await caller.CommandAsync(db => AddOneAsync(db, line));
    });

    [Fact]
    [Trait("Fault", "A12")]
    public async Task A_command_adds_to_what_the_primary_has_after_a_query_took_the_values_of_the_database() => await AddedToTheRightRowAsync(async caller =>
    {
        var line = await caller.CommandAsync(db => db.Lines.SingleAsync(line => line.Id == 1));
        await caller.QueryAsync(async db =>
        {
            db.Entry(line).OriginalValues.SetValues((await db.Entry(line).GetDatabaseValuesAsync())!);
            db.Entry(line).CurrentValues.SetValues(db.Entry(line).OriginalValues);
            return line;
        });
        return await caller.CommandAsync(db => AddOneAsync(db, line));
    });

    private async Task AddedToTheRightRowAsync(Func<Caller, Task<string>> program)
    {
        await ShouldBeAsInPlainEfAsync("501", program);

        (await RunLaggingAsync(program)).ShouldBe("501");
        await using var primary = Direct(Server.Primary);
        (await primary.Lines.SingleAsync(line => line.Id == 1)).Quantity.ShouldBe(501);
    }

    private static async Task<string> AddOneAsync(TrackingContext db, Line? line)
    {
        line!.Quantity++;
        (await db.SaveChangesAsync()).ShouldBe(1);
        return $"{line.Quantity}";
    }

    private static async Task<Line> GetOrCreateAsync(TrackingContext db)
    {
        var (line, created) = await db.Lines.GetOrCreateAsync(line => line.Id == 1, () => new() { Product = "jam", OrderId = 1 });
        created.ShouldBeFalse();
        return line;
    }

    public sealed class OnSqlite(PairFixture<SqlitePair> fixture) : LostUpdateTests(fixture.Pair), IClassFixture<PairFixture<SqlitePair>>;

    public sealed class OnSqlServer(PairFixture<SqlServerPairDatabase> fixture) : LostUpdateTests(fixture.Pair), IClassFixture<PairFixture<SqlServerPairDatabase>>;

    [Collection(PostgresCollection.Name)]
    public sealed class OnPostgres(PairFixture<PostgresPairDatabase> fixture) : LostUpdateTests(fixture.Pair), IClassFixture<PairFixture<PostgresPairDatabase>>;
}
