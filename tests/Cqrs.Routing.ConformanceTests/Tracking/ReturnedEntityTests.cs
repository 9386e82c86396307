namespace Cqrs.Routing.ConformanceTests.Tracking;

/// <summary>Faults A3 to A6: an entity that a query returned stays usable for its caller, whatever requests follow.</summary>
public abstract class ReturnedEntityTests(DatabasePair pair) : TrackingTest(pair)
{
    [Fact]
    [Trait("Fault", "A3")]
    public async Task What_a_query_returned_is_saved_after_a_command_of_the_scope() => await ShouldBeAsInPlainEfAsync("1", ChangeAfterACommandAsync);

    [Fact]
    [Trait("Fault", "A3")]
    public async Task What_a_query_returned_is_saved_after_a_command_of_the_scope_whatever_the_lag() =>
        (await RunLaggingAsync(ChangeAfterACommandAsync)).ShouldBe("1");

    [Fact]
    [Trait("Fault", "A4")]
    public async Task What_a_query_returned_is_saved_by_the_command_that_it_is_handed_to() => await ShouldBeAsInPlainEfAsync("1", HandToACommandAsync);

    [Fact]
    [Trait("Fault", "A4")]
    public async Task What_a_query_returned_is_saved_by_the_command_that_it_is_handed_to_whatever_the_lag() =>
        (await RunLaggingAsync(HandToACommandAsync)).ShouldBe("1");

    [Fact]
    [Trait("Fault", "A4")]
    public async Task A_command_that_is_handed_what_a_query_returned_adds_to_what_the_primary_has()
    {
        var quantity = await RunLaggingAsync(async caller =>
        {
            var line = await caller.QueryAsync(db => db.Lines.SingleAsync(line => line.Id == 1));
            return await caller.CommandAsync(async db =>
            {
                line.Quantity++;
                await db.SaveChangesAsync();
                return line.Quantity;
            });
        });

        quantity.ShouldBe(501);
        await using var primary = Direct(Server.Primary);
        (await primary.Lines.SingleAsync(line => line.Id == 1)).Quantity.ShouldBe(501);
    }

    [Fact]
    [Trait("Fault", "A5")]
    public async Task A_new_entity_that_refers_to_what_a_query_returned_does_not_insert_that_again() => await ShouldBeAsInPlainEfAsync("1, 1", ReferToAsync);

    [Fact]
    [Trait("Fault", "A5")]
    public async Task A_new_entity_that_refers_to_what_a_query_returned_does_not_insert_that_again_whatever_the_lag() =>
        (await RunLaggingAsync(ReferToAsync)).ShouldBe("1, 1");

    [Fact]
    [Trait("Fault", "A6")]
    public async Task What_was_taken_out_of_a_collection_and_put_back_after_a_command_is_kept() => await ShouldBeAsInPlainEfAsync("2", TakeOutAndPutBackAsync);

    [Fact]
    [Trait("Fault", "A6")]
    public async Task What_was_taken_out_of_a_collection_and_put_back_after_a_command_is_kept_whatever_the_lag() =>
        (await RunLaggingAsync(TakeOutAndPutBackAsync)).ShouldBe("2");

    private static async Task<string> ChangeAfterACommandAsync(Caller caller)
    {
        var line = await caller.QueryAsync(db => db.Lines.SingleAsync(line => line.Id == 1));
        await caller.CommandAsync(db => db.Notes.CountAsync());
        line.Quantity = 55;
        return $"{await caller.Db.SaveChangesAsync()}";
    }

    private static async Task<string> HandToACommandAsync(Caller caller)
    {
        var line = await caller.QueryAsync(db => db.Lines.SingleAsync(line => line.Id == 1));
        return await caller.CommandAsync(async db =>
        {
            line.Quantity = 55;
            return $"{await db.SaveChangesAsync()}";
        });
    }

    private static async Task<string> ReferToAsync(Caller caller)
    {
        var customer = await caller.QueryAsync(db => db.Customers.SingleAsync());
        return await caller.CommandAsync(async db =>
        {
            var order = new Order { Id = 7, Name = "second", Customer = customer };
            db.Add(order);
            var saved = await db.SaveChangesAsync();
            return $"{saved}, {order.CustomerId}";
        });
    }

    private static async Task<string> TakeOutAndPutBackAsync(Caller caller)
    {
        var order = await caller.QueryAsync(db => db.Orders.Include(order => order.Lines).SingleAsync());
        var line = order.Lines[0];
        order.Lines.RemoveAt(0);
        await caller.CommandAsync(db => db.Notes.CountAsync());
        order.Lines.Add(line);
        await caller.Db.SaveChangesAsync();
        return $"{await caller.Db.Lines.CountAsync()}";
    }

    public sealed class OnSqlite(PairFixture<SqlitePair> fixture) : ReturnedEntityTests(fixture.Pair), IClassFixture<PairFixture<SqlitePair>>;

    public sealed class OnSqlServer(PairFixture<SqlServerPairDatabase> fixture) : ReturnedEntityTests(fixture.Pair), IClassFixture<PairFixture<SqlServerPairDatabase>>;

    [Collection(PostgresCollection.Name)]
    public sealed class OnPostgres(PairFixture<PostgresPairDatabase> fixture) : ReturnedEntityTests(fixture.Pair), IClassFixture<PairFixture<PostgresPairDatabase>>;
}
